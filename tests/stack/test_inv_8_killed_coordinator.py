"""INV-8: the coordinator's own parts are killed with -9 in the middle of a round."""

import time

import pytest

from tests.stack.running import object_in

pytestmark = pytest.mark.stack
PARTS = ["worker", "valkey", "web", "postgresql"]


@pytest.fixture(scope="module")
def number(running) -> int:
    """A round in which worker, broker and web die while nodes train, and the database while they measure."""
    played = running.play_round(steps=150)
    running.trains(played)
    kill_and_wait(running, "worker", "valkey", "web")
    running.until(lambda: running.round_state(played) == "evaluating", 240, "the candidate is measured")
    kill_and_wait(running, "postgresql")
    running.decide()  # who played the maintainers died with the database
    running.closes(played)
    return played


def kill_and_wait(running, *parts: str) -> None:
    """Kill the parts with their children at once, and wait until each runs and the program is ready."""
    before, died = {part: running.returned(part) for part in parts}, time.monotonic()
    for part in parts:
        running.kill_part(part, whole=True)
    for part in parts:
        running.until(lambda part=part: running.returned(part) > before[part], 60, f"{part} is back")
    running.until(lambda: is_ready(running), 90, "the program is ready again")
    running.note(f"{', '.join(parts)} killed, until ready again", died)


def is_ready(running) -> bool:
    try:
        return bool(object_in(running.get("/readyz"))["ready"])
    except (OSError, ValueError):
        return False


def test_inv_8_training_goes_on_without_the_coordinator_and_counts_once(running, number):
    for job in running.jobs(number):
        assert (job.state, job.contributions) == ("succeeded", ["merged"])


def test_inv_8_the_measurements_outlive_the_database(running, number):
    assert [job.state for job in running.jobs(number, "evaluation")] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("part", PARTS)
def test_inv_8_up_tells_of_the_death_and_of_the_return(running, number, part):
    assert running.said(f"{part} ended (")
    assert running.said(f"{part} is running again (process ")
