"""A community takes its texts back: its last update is taken out by replay, and anybody can check the base.

Marked to be the last of this folder, because an entry of the shared copy is withdrawn here for good.
"""

import json
import subprocess
import sys

import pytest

from tests.stack.program import ROOT
from tests.stack.recomputing import merge_again

pytestmark = [pytest.mark.stack, pytest.mark.last]
TEXTS, OWNER, VERIFIER = "udhr-cusco-quechua", "andes-cusco", "mekong-hanoi"
RUN = "import sys; from training.node.cli import main; sys.exit(main())"
HEAD = """
SELECT base.digest, base.weights_sha256, base.recipe->'contributions' FROM training_checkpoint base
JOIN training_modelfamily family ON family.head_id = base.id
"""
BITS = """
SELECT sum(measured.bits_per_byte * measured.bytes) / sum(measured.bytes) FROM training_evaluation measured
JOIN training_checkpoint base ON base.id = measured.checkpoint_id
JOIN catalog_datasetversion version ON version.id = measured.version_id
JOIN catalog_dataset entry ON entry.id = version.dataset_id
WHERE base.digest = %s AND entry.slug = %s
"""


@pytest.fixture(scope="module")
def rolled_back(running):
    """The base before and the base after, when the owner's update of the last round has been taken out."""
    number = running.play_round(steps=20)
    running.closes(number)
    before = running.rows(HEAD)[0]
    key = running.act("withdraw_and_take_out", TEXTS, OWNER)
    running.until(
        lambda: running.rows("SELECT 1 FROM training_rollback WHERE id = %s AND state = 'done'", key),
        120,
        "the members' word is carried out",
    )
    return before, running.rows(HEAD)[0]


def test_the_new_base_holds_every_other_update_and_not_the_owners(running, rolled_back):
    (_, _, before), (_, _, after) = rolled_back
    owners = running.rows(
        "SELECT contribution.digest FROM training_contribution contribution"
        " JOIN training_job job ON job.id = contribution.job_id"
        " JOIN training_node node ON node.id = job.node_id WHERE node.slug = %s",
        OWNER,
    )
    assert set(before) - set(after) <= {digest for (digest,) in owners}
    assert len(after) == len(before) - 1


def test_its_language_costs_more_bits_a_byte_without_it(running, rolled_back):
    [(with_it,)] = running.rows(BITS, rolled_back[0][0], TEXTS)
    [(without,)] = running.rows(BITS, rolled_back[1][0], TEXTS)
    assert without > with_it


def test_another_members_node_computes_the_new_base_bit_for_bit(running, rolled_back):
    home = str(running.var / "nodes" / VERIFIER)
    told = subprocess.run(
        [sys.executable, "-c", RUN, "verify", "base", rolled_back[1][0], "--chain", "--json", "--home", home],
        cwd=ROOT,
        env=running.surroundings,
        capture_output=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["same"]


def test_the_old_base_stays_addressable(running, rolled_back, tmp_path):
    digest, sha256, _ = rolled_back[0]
    assert running.get(f"/checkpoints/{digest}/").status == 200
    assert merge_again(running, digest, tmp_path) == [sha256, digest]
