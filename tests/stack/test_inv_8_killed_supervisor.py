"""INV-8: `up` itself is killed with -9 in the middle of a round, and started again on the same folder."""

import time

import psutil
import pytest

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def left(running) -> list[psutil.Process]:
    """What was still alive of the earlier run when the next one was ready."""
    return []


@pytest.fixture(scope="module")
def number(running, left) -> int:
    """A round that begins under one `up` and ends under another."""
    played = running.play_round(steps=150)
    running.trains(played)
    died = time.monotonic()
    family = running.kill()
    running.start()
    running.note("up killed in training, until the next one is ready", died)
    left += [process for process in family if process.is_running()]
    running.closes(played)
    running.note("up killed in training, until the round is closed", died)
    return played


def test_inv_8_nothing_of_the_earlier_run_is_left(number, left):
    assert left == []


def test_inv_8_the_round_goes_on_and_each_job_counts_once(running, number):
    for job in running.jobs(number):
        assert (job.state, job.contributions) == ("succeeded", ["merged"])
        assert job.attempt <= 3


def test_inv_8_the_errand_of_the_next_start_plays_the_maintainers(running, number):
    log = running.var / "log" / "first-round.log"
    running.until(lambda: f"round {number} is closed" in log.read_text("utf-8"), 60, "the errand has ended")
    assert "accepted the update of" in log.read_text("utf-8").rpartition(f"round {number} on")[2]
