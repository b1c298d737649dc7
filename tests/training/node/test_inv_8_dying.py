"""INV-8 on the node: killed at any step, it goes on where it was, and gives exactly one contribution."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.training.node.living import contributions, enrol, journal_of, open_round_for
from training.node.jobs.answering import Outcome
from training.node.jobs.arrows import DELTA
from training.node.jobs.execution import take_on
from training.node.jobs.journal import Journal, Step

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
STEPS = [step for step in Step if step not in (Step.KNOWN, Step.DONE)]


def dies(home, job, step, moment) -> None:
    died = subprocess.run(
        [sys.executable, "-m", "tests.training.node.dying", str(home.folder), str(job.pk), step, moment],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, f"{step} {moment}: {died.stderr[-2000:]}"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_at_every_step_costs_nothing_and_repeats_nothing(live_server, tmp_path, moment):
    home = enrol(live_server, tmp_path / "home")
    _, job = open_round_for(home)
    trained = set()
    for step in STEPS:
        dies(home, job, step, moment)
        found = Journal.read(home.jobs / str(job.pk))
        assert found.step is (step if moment == "after" else list(Step)[step.rank - 1])
        if found.step.rank >= Step.COMPUTED.rank and (found.folder / DELTA).exists():
            trained.add((found.folder / DELTA).stat().st_mtime_ns)
    assert take_on(home, journal_of(home, job)) is Outcome.DONE
    job.refresh_from_db()
    assert (job.state, job.attempt, contributions(job)) == ("succeeded", 1, ["received"])
    assert len(trained) == 1  # what was computed is not computed again
