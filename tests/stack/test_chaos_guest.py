"""Chaos: two rounds with a third node that is away, without room, behind a bad line, in its own network.

The first round goes on without it, by a vote, while messages are lost and the store is closed for a while.
In the second it is back.
"""

import time
from pathlib import Path

import pytest
import redis

from tests.stack.guest import SLUG, Guest
from tests.stack.killing import NOBODY_MERGES
from tests.stack.mounting import read_only
from tests.stack.program import object_in

pytestmark = [pytest.mark.stack, pytest.mark.endurance]
OTHER = "andes-cusco"
NODES = [OTHER, "mekong-hanoi", SLUG]
STEPS, COLLECTING = 150, 30
BOTH_HAVE_SENT = "both others have sent their updates"


@pytest.fixture(scope="module")
def guest(running):
    """The third node, let in; not yet started."""
    running.no_round_runs()
    node = Guest(running)
    try:
        running.act("let_node_work", SLUG)
        yield node
        node.stop()
        running.act("let_node_rest", SLUG)
    finally:
        node.leave()


@pytest.fixture(scope="module")
def without(running, guest):
    """A round that goes on without the guest; what was seen on the way."""
    seen, began = {}, time.monotonic()
    attached = running.process("node-mekong-hanoi")
    attached.suspend()
    number = seen["number"] = running.act("open_a_round", STEPS, COLLECTING)
    guest.start()
    running.until(lambda: running.round_state(number) == "collecting", 60, "the jobs are sent")
    seen["flushed while sent"] = _flush(running)
    attached.resume()
    running.until(lambda: _stands(guest, number, "training"), 90, "the guest trains")
    guest.stop()
    with read_only(running.var / "blobs") as seen["store closed"]:
        if seen["store closed"]:
            running.until(lambda: _waits(running, number, "to an update and not sent it"), 90, "it tells")
            seen["ready without store"] = object_in(running.get("/readyz"))
    running.until(lambda: _have_sent(running, number), 120, BOTH_HAVE_SENT)
    running.until(lambda: _waits(running, number, "stragglers-vote"), 90, "members are asked")
    seen["cause"] = running.rows("SELECT waiting_for FROM training_round WHERE number = %s", number)[0][0]
    running.act("go_on_without_the_missing", number)
    with running.kept(NOBODY_MERGES):
        running.decide()
        running.until(lambda: running.round_state(number) == "merging", 120, "the merge is asked for")
        seen["flushed while merging"] = _flush(running)
    running.closes(number)
    running.note("a round without its third node, messages and store", began)
    return seen


@pytest.fixture(scope="module")
def within(running, guest, without):
    """The next round, with the guest: what was seen on the way."""
    seen, began = {}, time.monotonic()
    filler = guest.home.folder / "filler"
    if guest.has_disk:
        filler.write_bytes(b"\0" * (200 << 20))
    number = seen["number"] = running.act("open_a_round", STEPS, 600)
    [(sha256, size)] = running.rows(
        "SELECT base.weights_sha256, base.weights_bytes FROM training_round round"
        " JOIN training_checkpoint base ON base.id = round.base_id WHERE round.number = %s",
        number,
    )
    seen["bytes"] = size
    guest.relay.cuts = {sha256: size * 6 // 10, "PUT ": size * 2 // 10}
    guest.start()
    running.decide()
    if guest.has_disk:
        running.until(lambda: _held(running, number) == "disk-full", 90, "the guest has no room")
        filler.unlink()
    running.until(lambda: _stands(guest, number, "training"), 120, "the guest trains")
    seen["listening"] = guest.listening()
    running.closes(number)
    seen["passed"] = {"down": guest.relay.passed[sha256], "up": guest.relay.passed["PUT "]}
    seen["cut"] = set(guest.relay.happened)
    running.note("a round with a third node without room, behind a bad line", began)
    return seen


@pytest.fixture(scope="module")
def again(running, within):
    """The guest's update, computed once more by another node: the job, and how it ended."""
    began = time.monotonic()
    job = running.act("compute_again", within["number"], SLUG, OTHER)
    ended = "SELECT state, reason_code FROM training_job WHERE id = %s AND finished_at IS NOT NULL"
    found = running.until(lambda: running.rows(ended, job), 120, "the update was computed again")
    running.note("the guest's update computed again by another node", began)
    return job, found


def _flush(running):
    """Empty the broker; return how many keys it had."""
    with redis.Redis.from_url(running.environment.redis_url) as broker:
        keys = broker.dbsize()
        broker.flushall()
    return keys


def _stands(guest, number, step):
    journal = guest.journal(number)
    return journal is not None and journal.step == step


def _waits(running, number, what):
    query = "SELECT waiting_code, waiting_for FROM training_round WHERE number = %s"
    [(code, words)] = running.rows(query, number)
    return code == what or what in words


def _have_sent(running, number):
    return [job.state for job in running.jobs(number) if job.node != SLUG] == ["succeeded", "succeeded"]


def _held(running, number):
    query = (
        "SELECT job.held_code FROM training_job job JOIN training_node node ON node.id = job.node_id"
        " JOIN training_round round ON round.id = job.round_id WHERE round.number = %s AND node.slug = %s"
    )
    return "".join(code for (code,) in running.rows(query, number, SLUG))


def test_messages_that_were_lost_cost_nothing(running, without):
    assert without["flushed while sent"] > 0
    assert without["flushed while merging"] > 0
    for job in running.jobs(without["number"]):
        if job.node != SLUG:
            assert (job.state, job.contributions) == ("succeeded", ["merged"])


def test_a_store_that_can_not_be_written_is_told_of_and_waited_for(without):
    if not without["store closed"]:
        pytest.skip("mounting is not allowed here")
    assert not without["ready without store"]["ready"]
    assert without["ready without store"]["components"]["blobs"]["state"] != "ok"


def test_the_members_see_who_is_missing_and_go_on_by_a_vote(running, without):
    assert SLUG in without["cause"]
    [job] = [job for job in running.jobs(without["number"]) if job.node == SLUG]
    assert (job.state, job.reason_code, job.contributions) == ("cancelled", "left-out-by-vote", [])


def test_the_node_that_was_away_learns_that_its_round_is_over_and_keeps_its_work(guest, without, within):
    journal = guest.journal(without["number"])
    assert (journal.step, journal.ended) == ("done", "round-over")
    assert (journal.folder / "manifest.json").exists()


def test_it_takes_part_in_the_next_round(running, within):
    jobs = running.jobs(within["number"])
    assert [job.node for job in jobs] == NODES
    assert all((job.state, job.contributions) == ("succeeded", ["merged"]) for job in jobs)


def test_another_node_that_computes_its_update_again_finds_the_same_bytes(running, again):
    job, found = again
    assert found == [("succeeded", "")]
    told = "SELECT identical, distance FROM training_reexecution WHERE job_id = %s"
    assert running.rows(told, job) == [(True, 0.0)]


def test_a_node_without_room_says_so_and_goes_on_when_there_is_some(running, guest, within):
    if not guest.has_disk:
        pytest.skip("mounting is not allowed here")
    held = running.rows(
        "SELECT event.reason_codes FROM provenance_event event JOIN training_job job"
        " ON event.subject = 'job:' || job.id JOIN training_round round ON round.id = job.round_id"
        " WHERE round.number = %s AND event.action = 'job.held'",
        within["number"],
    )
    assert (["disk-full"],) in held


def test_a_line_that_is_cut_costs_less_than_a_third_of_the_file(within):
    assert len(within["cut"]) == 2
    for direction in ("down", "up"):
        assert within["bytes"] <= within["passed"][direction] < 1.3 * within["bytes"]


def test_a_node_that_nobody_can_reach_takes_part_all_the_same(guest, within):
    if not guest.namespace:
        pytest.skip("network namespaces are not allowed here")
    assert within["listening"] == []


def test_a_clock_that_jumped_is_named_as_the_cause_and_forgotten_when_it_is_right(guest, within):
    library = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
    if library is None:
        pytest.skip("libfaketime is not here")
    for jump, state in (("-2d", "signature-expired"), ("+2d", "signature-not-yet-valid"), ("+0", "active")):
        assert guest.status(LD_PRELOAD=str(library), FAKETIME=jump)["state"] == state
