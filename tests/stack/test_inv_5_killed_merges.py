"""INV-5, INV-8: a merge in ranges whose workers die at ten random points is whole, or not there yet."""

import hashlib
import random
import time
from contextlib import suppress

import psutil
import pytest

from tests.stack.recomputing import merge_again

pytestmark = pytest.mark.stack
RANGE_BYTES = 8192  # the demonstration's model has more than two hundred of them
SEED, KILLS = 6, 10
WHOLE_WORKER = (3, 7)  # in these turns Celery's own process dies with its children
STEPS = ("gram", "merge", "done")
PROGRESS = """
SELECT merge.step, merge.elements / merge.range_elements, count(done.id)
FROM training_rangedmerge merge
LEFT JOIN training_mergerange done ON done.merge_id = merge.id AND done.step = merge.step
WHERE merge.document->>'parent' = (SELECT digest FROM training_round round
    JOIN training_checkpoint base ON base.id = round.base_id WHERE round.number = %s)
GROUP BY merge.id ORDER BY merge.id DESC LIMIT 1
"""


@pytest.fixture(scope="module")
def small_ranges(running):
    """The program, started again with a range of a few thousand elements; afterwards as it was."""
    running.no_round_runs()
    running.kill()
    running.variables["TAPESTRY_MERGE_RANGE_BYTES"] = str(RANGE_BYTES)
    running.start()
    yield running
    running.kill()
    running.variables.clear()
    running.start()


@pytest.fixture(scope="module")
def number(small_ranges):
    """A round whose candidate took two passes in ranges, during which its workers were killed."""
    opened = small_ranges.act("open_a_round", 20, 1800)
    small_ranges.act("merge_by", opened, "geometric-median")
    small_ranges.until(lambda: done_in(small_ranges, opened), 90, "the merge has begun")
    began = time.monotonic()
    kill_at_random_points(small_ranges, opened)
    small_ranges.until(lambda: candidates(small_ranges, opened), 90, "the candidate is there")
    small_ranges.note(f"a merge in ranges, killed {KILLS} times, until it was there", began)
    small_ranges.decide()
    small_ranges.closes(opened)
    return opened


def kill_at_random_points(running, number):
    """Kill -9 a child of the worker, or all of it, each time as many ranges are done as the lot said."""
    lots = random.Random(SEED)
    _, ranges, _ = running.rows(PROGRESS, number)[0]
    for turn, point in enumerate(sorted(lots.sample(range(2, int(1.6 * ranges)), KILLS))):
        done = running.until(lambda point=point: reached(running, number, point), 90, f"{point} are done")
        assert not candidates(running, number), f"killed too late: {done} of {2 * ranges}"
        worker = running.process("worker")
        if turn in WHOLE_WORKER:
            running.kill_part("worker", whole=True)
        else:
            with suppress(psutil.NoSuchProcess):
                lots.choice(worker.children()).kill()
        assert not_whole(running) == []


def reached(running, number, point):
    done = done_in(running, number)
    return done if done >= point else 0


def done_in(running, number):
    """How many ranges are done, over both passes."""
    return sum(STEPS.index(step) * ranges + done for step, ranges, done in running.rows(PROGRESS, number))


def candidates(running, number):
    return running.rows(
        "SELECT candidate_id FROM training_round WHERE number = %s AND candidate_id IS NOT NULL", number
    )


def not_whole(running):
    """The checkpoints whose bytes are not all there."""
    told = running.rows(
        "SELECT digest, weights_sha256 FROM training_checkpoint WHERE weights_dropped_at IS NULL"
    )
    return [digest for digest, sha256 in told if sha256_of(blob(running, sha256)) != sha256]


def blob(running, sha256):
    return running.var / "blobs" / sha256[:2] / sha256


def sha256_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def test_inv_5_the_base_of_a_killed_merge_is_what_anybody_computes(small_ranges, number, tmp_path):
    [(digest, sha256)] = small_ranges.rows(
        "SELECT base.digest, base.weights_sha256 FROM training_round round"
        " JOIN training_checkpoint base ON base.id = round.result_id WHERE round.number = %s",
        number,
    )
    assert merge_again(small_ranges, digest, tmp_path) == [sha256, digest]


def test_inv_8_a_killed_merge_leaves_neither_parts_nor_half_bases(small_ranges, number):
    parts = (small_ranges.var / "blobs" / "ranges").rglob("*")
    assert [path for path in parts if path.is_file() and path.parent.name != "incoming"] == []
    assert small_ranges.rows("SELECT id FROM training_mergerange") == []
    assert not_whole(small_ranges) == []


def test_inv_8_the_candidate_was_made_once_by_the_rule_that_was_voted_for(small_ranges, number):
    made = small_ranges.rows(
        "SELECT base.recipe->>'rule', (SELECT count(*) FROM provenance_event event WHERE event.subject ="
        " 'round:' || round.id AND event.action = 'round.candidate-made')"
        " FROM training_round round JOIN training_checkpoint base ON base.id = round.result_id"
        " WHERE round.number = %s",
        number,
    )
    assert made == [("geometric-median", 1)]
