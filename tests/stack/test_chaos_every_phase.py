"""Chaos: each process is killed with -9 in each phase of one round. Nothing is lost, nothing counts twice."""

import time

import psutil
import pytest

from tests.stack.killing import KEEPER, NOBODY_MERGES, NODES, PARTS, TRAINERS, Killing, Phase
from tests.stack.recomputing import merge_again

pytestmark = [pytest.mark.stack, pytest.mark.endurance]
LOCK = "LOCK TABLE {} IN {} MODE"
WRITES, READS = "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"
GIVEN = ("committed", "signed")  # a commitment whose answer was lost is said again
PHASES = [
    Phase("open", "open", locks=(LOCK.format("training_job", WRITES),)),
    Phase("distributed", "collecting", locks=(LOCK.format("provenance_usednonce", WRITES),)),
    Phase("fetching", "collecting", ("claimed",), locks=(LOCK.format("catalog_datasetversion", READS),)),
    Phase("training", "collecting", ("training",)),
    Phase("encoded", "collecting", ("signed",), (0, 0), (LOCK.format("training_contribution", WRITES),)),
    Phase("committed", "collecting", GIVEN, (2, 0), (LOCK.format("training_weightsupload", WRITES),)),
    Phase("uploading", "collecting", GIVEN, (2, 2), (LOCK.format("training_weightspart", WRITES),)),
    Phase("evaluating", "evaluating", locks=(LOCK.format("training_evaluation", WRITES),)),
    Phase("reviewing", "reviewing"),
    Phase("merging", "merging", locks=(NOBODY_MERGES,)),
    Phase("promoting", "promoting", locks=(NOBODY_MERGES,)),  # let go when the worker is out of the way
]
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND xact_start IS NOT NULL
AND application_name <> %s AND pid <> pg_backend_pid()
"""
COMPUTING = ("training", "evaluating")
PLANNED = {(part, phase.name) for part in PARTS for phase in PHASES}
PLANNED |= {(trainer, phase) for trainer in TRAINERS for phase in COMPUTING}
ONCE = """
SELECT event.subject, event.action, count(*) FROM provenance_event event
WHERE event.action = ANY(%s) AND (
    event.subject IN (SELECT 'round:' || id FROM training_round WHERE number = %s)
    OR event.subject IN (SELECT 'job:' || job.id FROM training_job job
                         JOIN training_round round ON round.id = job.round_id WHERE round.number = %s)
    OR event.subject IN (SELECT 'contribution:' || given.digest FROM training_contribution given
                         JOIN training_round round ON round.id = given.round_id WHERE round.number = %s))
GROUP BY event.subject, event.action
"""
ONLY_ONCE = [
    *(f"round.{state}" for state in ("opened", "distributing", "collecting", "evaluating", "reviewing")),
    *("round.merging", "round.candidate-made", "round.merged", "round.closed"),
    *("job.created", "contribution.received", "contribution.merged"),
]


@pytest.fixture(scope="module")
def killing(running):
    """The round in which everything died, closed."""
    running.no_round_runs()
    for file in (running.var / "nodes").glob("*/cache/*"):
        file.unlink()  # so that there is something to fetch
    made, began = Killing(running), time.monotonic()
    try:
        _go_through(made)
    finally:
        made.let_go()
    running.note("a round in which each part was killed in each phase", began)
    return made


def _go_through(killing):
    running = killing.running
    killing.keep(PHASES[0].locks)
    killing.number = running.act("open_a_round", 150, 1800)
    for phase, following in zip(PHASES, [*PHASES[1:], None], strict=True):
        began = time.monotonic()
        if phase.name in COMPUTING:
            killing.reach(phase)
            killing.kill_trainers(phase)
        if phase.name == "merging":
            running.decide()
        if phase.name == "promoting":
            _merge_without_the_worker(killing)
        killing.strike(phase, following)
        running.note(f"  {phase.name}: each part killed, until ready again", began)
    running.closes(killing.number)
    running.until(killing.is_ready, 90, "the program is ready again")


def _merge_without_the_worker(killing):
    """Stop the worker before it can close the round, outside of any transaction, and merge as it would."""
    worker = killing.running.process("worker")
    family = [worker, *worker.children(recursive=True)]

    def stopped():
        for process in family:
            process.suspend()
        if killing.running.rows(BUSY, KEEPER) == [(0,)]:
            return True
        for process in family:
            process.resume()
        return False

    killing.running.until(stopped, 30, "the worker is stopped between two transactions")
    killing.let_go()
    killing.running.act("merge_the_round", killing.number)


@pytest.mark.parametrize("phase", [phase.name for phase in PHASES])
def test_each_process_died_in_each_phase(killing, phase):
    assert {kill for kill in PLANNED if kill[1] == phase} <= killing.done


def test_each_node_gave_one_contribution_and_it_was_merged(running, killing):
    for job in running.jobs(killing.number):
        assert (job.state, job.contributions) == ("succeeded", ["merged"])


def test_each_node_has_measured_both_bases(running, killing):
    jobs = running.jobs(killing.number, "evaluation")
    assert [(job.node, job.state) for job in jobs] == [(node, "succeeded") for node in NODES]


@pytest.mark.parametrize("part", PARTS)
def test_up_told_of_each_death_and_of_each_return(running, killing, part):
    assert len(running.said(f"{part} ended (")) >= len(PHASES)
    assert running.returned(part) >= len(PHASES)


def test_no_job_took_more_attempts_than_it_has(running, killing):
    taken = running.rows(
        "SELECT job.attempt BETWEEN 1 AND job.max_attempts FROM training_job job"
        " JOIN training_round round ON round.id = job.round_id WHERE round.number = %s",
        killing.number,
    )
    assert set(taken) == {(True,)}


def test_the_base_is_what_anybody_computes_from_the_bytes(running, killing, tmp_path):
    [(digest, sha256)] = running.rows(
        "SELECT base.digest, base.weights_sha256 FROM training_round round"
        " JOIN training_checkpoint base ON base.id = round.result_id WHERE round.number = %s",
        killing.number,
    )
    assert merge_again(running, digest, tmp_path) == [sha256, digest]


def test_nothing_that_happens_once_stands_twice_in_the_log(running, killing):
    told = running.rows(ONCE, ONLY_ONCE, *[killing.number] * 3)
    assert {action for _, action, _ in told} == set(ONLY_ONCE)
    assert [row for row in told if row[2] != 1] == []


def test_every_wait_has_a_known_cause_and_stands_in_the_log(running, killing):
    logged = running.rows(
        "SELECT DISTINCT unnest(event.reason_codes) FROM provenance_event event JOIN training_round round"
        " ON event.subject = 'round:' || round.id WHERE round.number = %s AND event.action = 'round.waiting'",
        killing.number,
    )
    codes = {code for (code,) in logged}
    assert killing.waits
    assert killing.waits <= codes <= set(running.act("codes_of_waits"))


def test_nobody_is_left_without_a_parent(running, killing):
    ours = {process.pid for process in running.family}
    beside = {process.pid for process in psutil.Process().children(recursive=True)}
    strays = [
        process.info["cmdline"]
        for process in psutil.process_iter(["cmdline"])
        if any(str(running.var) in word for word in process.info["cmdline"] or [])
        and process.pid not in ours | beside
    ]
    assert strays == []
