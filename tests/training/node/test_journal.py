"""The journal of a job survives any death, and says what is left to do."""

import copy
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.signing.keys import PrivateKey
from tests.training.manifest.conftest import JOB
from training.manifest import parse_manifest, seal_manifest
from training.node.durable import only_one, write_whole
from training.node.errors import Held, JobError
from training.node.home import NodeHome
from training.node.jobs.journal import MANIFEST, Journal, Step, Waiting, journals

ROOT = Path(__file__).parents[3]
ID = JOB["job_id"]
# Writes a file again and again, so that a kill -9 finds it in the middle of a write.
WRITE = """
import sys; from pathlib import Path; from training.node.durable import write_whole
print("ready", flush=True)
while True:
    for letter in "ab":
        write_whole(Path(sys.argv[1]), letter * 100_000)
"""


@pytest.fixture
def journal(tmp_path) -> Journal:
    return Journal.begin(tmp_path / ID, ID)


@pytest.fixture
def envelope():
    key = PrivateKey.generate()
    return seal_manifest(parse_manifest(copy.deepcopy(JOB)), key=key, key_id=key.did)


def test_what_was_reached_is_there_after_a_restart(journal):
    journal.reach(Step.CLAIMED, attempt=2, lease_seconds=30)
    found = Journal.read(journal.folder)
    assert (found.step, found.attempt, found.is_open) == (Step.CLAIMED, 2, True)


def test_beginning_again_finds_what_was_begun(journal):
    journal.reach(Step.COMPUTED)
    assert Journal.begin(journal.folder, ID).step is Step.COMPUTED


def test_the_manifest_is_kept_beside_it_and_noticed_when_it_was_changed(journal, envelope):
    journal.keep_manifest(envelope, kind="contributed-cpt")
    assert Journal.read(journal.folder).manifest.document() == parse_manifest(JOB).document()
    path = journal.folder / MANIFEST
    path.write_text(path.read_text().replace('"payload": "ey', '"payload": "eY'))
    with pytest.raises(JobError, match="not the manifest") as damaged:
        _ = journal.envelope
    assert damaged.value.code == "journal-damaged"


@pytest.mark.parametrize(("attempt", "word"), [(0, "held"), (1, "paused")])
def test_a_job_that_waits_is_held_before_its_claim_and_paused_after(journal, attempt, word):
    waiting = Waiting(code="outside-hours", reason="night", since=journal.since)
    journal.note(attempt=attempt, waiting=waiting)
    assert journal.stands == word


def test_a_damaged_journal_is_passed_over_and_the_others_are_found(journal, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "journal.json").write_text("{")
    assert [found.job for found in journals(tmp_path)] == [ID]
    assert journals(tmp_path, but=[ID]) == []


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file_or_the_new_one(tmp_path):
    path = tmp_path / "file"
    write_whole(path, "a" * 100_000)
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout.readline() == "ready\n"
        for _ in range(50):
            path.read_text()
        writer.kill()
        writer.communicate()
        assert path.read_text() in {"a" * 100_000, "b" * 100_000}


def test_two_processes_do_not_work_in_one_home(tmp_path):
    with only_one(tmp_path / "lock"), pytest.raises(Held) as held, only_one(tmp_path / "lock"):
        pass
    assert held.value.code == "other-job-runs"
    with only_one(tmp_path / "lock"):
        assert NodeHome(tmp_path).folder == tmp_path
