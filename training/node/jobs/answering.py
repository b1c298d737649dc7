"""What becomes of a job that could not go on: who is told, what is kept, and what it waits for."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from training.node.errors import (
    LATER,
    OVER,
    STANDING,
    Gone,
    Held,
    Interrupted,
    NodeError,
    Over,
    Refused,
    SetupError,
    Unreachable,
)
from training.node.jobs.arrows import clear
from training.node.jobs.journal import Waiting
from training.node.jobs.work import Work

logger = logging.getLogger(__name__)

KEPT: Final = frozenset({"round-over", "failed", "unknown"})
"""Endings after which the result stays on disk for as long as the policy says."""


class Outcome(StrEnum):
    """How far a job was taken.

    done: nothing is left to do. held: a person, time or space has to help. away: the coordinator does not
    answer. standing: it does not work with this node now. later: nobody gives us the job at the moment.
    """

    DONE = "done"
    HELD = "held"
    AWAY = "away"
    STANDING = "standing"
    LATER = "later"


def answer(work: Work, error: NodeError) -> Outcome:
    """Do what the error asks for, tell the coordinator what it has to know; return what the job waits for."""
    if error.code in OVER:
        return ended(work, OVER[error.code], str(error))
    if error.code in LATER:
        return _wait(work, error, Outcome.LATER)
    if error.code in STANDING:
        return _wait(work, error, Outcome.STANDING)
    act = next((act for kind, act in ANSWERS if isinstance(error, kind)), _fail)
    return act(work, error)


def ended(work: Work, how: str, said: str = "") -> Outcome:
    """Close the journal, and let the files go unless they may be wanted yet."""
    journal = work.journal
    logger.info("job %s: %s %s", journal.job, how, said)
    if journal.is_open:
        journal.close(how, said)
    if how not in KEPT:
        clear(journal.folder)
    return Outcome.DONE


def _hold(work: Work, held: NodeError) -> Outcome:
    """Note why the job waits, and tell the coordinator once: what waits has a logged cause."""
    journal, before = work.journal, work.journal.waiting
    told = before is not None and before.told and before.code == held.code
    if not told:
        told = held.code == "paused-there" or _tell(work, held)
        logger.info("job %s waits: %s: %s", journal.job, held.code, held)
    since = before.since if before and before.code == held.code else datetime.now(UTC)
    journal.note(waiting=Waiting(code=held.code, reason=str(held)[:400], since=since, told=told))
    return Outcome.HELD


def _tell(work: Work, held: NodeError) -> bool:
    journal, reason = work.journal, str(held)[:400]
    try:
        if journal.attempt or held.code == "paused-here":
            work.coordinator.post(f"{work.path}/pause", {"attempt": journal.attempt, "reason": reason})
            journal.note(told_pause=True)
        else:
            work.coordinator.post(f"{work.path}/hold", {"code": held.code, "reason": reason})
    except NodeError as error:
        logger.info("job %s: the cause could not be told: %s", journal.job, error)
        return not isinstance(error, Unreachable)
    return True


def _refuse(work: Work, error: NodeError) -> Outcome:
    body = {"code": error.code, "detail": str(error)[:400]}
    try:
        work.coordinator.post(f"{work.path}/refuse", body)
    except Unreachable:
        return Outcome.AWAY
    except NodeError as gone:
        logger.info("job %s: the refusal came too late: %s", work.journal.job, gone)
    return ended(work, "refused", f"{error.code}: {error}")


def _fail(work: Work, error: NodeError) -> Outcome:
    logger.warning("job %s attempt %d: %s: %s", work.journal.job, work.journal.attempt, error.code, error)
    body = {
        "attempt": work.journal.attempt,
        "code": error.code,
        "detail": str(error)[:400],
        "retry": error.retry,
    }
    with suppress(NodeError):
        work.coordinator.post(f"{work.path}/failure", body)
        if error.code == "cancelled" or not error.retry:
            how = "cancelled" if error.code == "cancelled" else "failed"
            return ended(work, how, f"{error.code}: {error}")
    return Outcome.LATER


def _wait(work: Work, error: NodeError, outcome: Outcome) -> Outcome:
    logger.info("job %s waits on this machine: %s: %s", work.journal.job, error.code, error)
    return outcome


def _interrupted(work: Work, error: NodeError) -> Outcome:
    """A node that stops goes on at its next start; a pause is waited out; what was cancelled is reported."""
    match error.code:
        case "node-stopping":
            return _wait(work, error, Outcome.LATER)
        case "paused-there":
            return _hold(work, error)
    return _fail(work, error)


ANSWERS: Final[Sequence[tuple[type[NodeError], Callable[[Work, NodeError], Outcome]]]] = (
    (Over, lambda work, error: ended(work, error.code, str(error))),
    (Refused, _refuse),
    (Held, _hold),
    (Gone, lambda work, error: _wait(work, error, Outcome.LATER)),
    (Unreachable, lambda work, error: _wait(work, error, Outcome.AWAY)),
    (Interrupted, _interrupted),
    (SetupError, lambda work, error: _wait(work, error, Outcome.STANDING)),  # the operator's, not the job's
)
