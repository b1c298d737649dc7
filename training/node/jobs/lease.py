"""Holding a job over there: claiming it, going on under its attempt, and learning what became of it."""

from typing import Any, Final

from provenance.signing.dsse import countersign, payload_digest
from training.manifest import CONTRIBUTES
from training.node.errors import Gone, Held, Over
from training.node.jobs.journal import Step
from training.node.jobs.work import Work

ENDED: Final = frozenset({"succeeded", "failed", "refused", "cancelled"})
COLLECTING: Final = frozenset({"open", "distributing", "collecting"})
UNRECEIVED: Final = frozenset({"committed", "withdrawn"})


def claim(work: Work) -> None:
    """Take the job under its next attempt, with all the work that is done already.

    Raises:
        Gone: ``job-not-claimable``, ``job-not-yet``: nobody gives it to us now.
    """
    journal = work.journal
    signed = countersign(journal.envelope, key=work.key, key_id=work.key.did)
    journal.note(claiming=True)
    try:
        given = work.coordinator.post(f"{work.path}/claim", {"envelope": signed})
    except Gone:
        journal.note(claiming=False)
        raise
    _take(work, attempt=int(given["attempt"]), lease=float(given["lease_seconds"]))


def regain(work: Work) -> None:
    """Ask where the job stands, and go on with it, claim it again, or learn that it is over.

    Raises:
        Over: with how it ended: ``succeeded``, ``failed``, ``refused``, ``cancelled``, ``round-over``.
        Held: ``paused-there``. Gone: see `claim`.
    """
    journal, seen = work.journal, work.coordinator.get(f"{work.path}/")
    _check_over(work, seen)
    state, attempt = str(seen["state"]), int(seen["attempt"])
    if state == "paused" and journal.told_pause:
        work.coordinator.post(f"{work.path}/resume", {})
    elif state == "paused":
        raise Held("paused-there", str(seen.get("reason") or "the job was paused at the coordinator"))
    # A claim whose answer was lost gave us the attempt that it names: a home is run by one process only.
    if state == "running" and attempt > 0 and (attempt == journal.attempt or journal.claiming):
        _take(work, attempt=attempt, lease=journal.lease_seconds)
    else:
        claim(work)


def _take(work: Work, *, attempt: int, lease: float) -> None:
    journal = work.journal
    journal.note(
        attempt=attempt,
        claiming=False,
        lease_seconds=lease or float(work.manifest.lease_seconds),
        waiting=None,
        told_pause=False,
    )
    if journal.step is Step.KNOWN:
        journal.reach(Step.CLAIMED)
    elif journal.step is Step.COMMITTED:
        journal.reach(Step.SIGNED)  # said again under the attempt that holds the job now
    if work.heartbeat is not None:
        work.heartbeat.attempt = attempt


def _check_over(work: Work, seen: dict[str, Any]) -> None:
    state, given = str(seen["state"]), seen.get("contribution") or {}
    statement = work.journal.statement
    received = bool(given) and given["state"] not in UNRECEIVED
    if received and statement and given["digest"] == payload_digest(statement):
        raise Over("succeeded", f"the coordinator has the contribution: {given['state']}")
    round_ = seen.get("round") or {}
    # An asynchronous round closes one window and goes on: there the job's own state tells.
    waits = work.kind in CONTRIBUTES and round_.get("mode") != "asynchronous"
    if waits and state != "succeeded" and str(round_.get("state", "open")) not in COLLECTING:
        raise Over("round-over", f"round {round_.get('number')} is {round_['state']}, it ended without us")
    if state in ENDED:
        raise Over(state, str(seen.get("reason") or seen.get("reason_code") or state))
