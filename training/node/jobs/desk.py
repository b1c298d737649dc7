"""Where this node's jobs lie: one is worked on at a time, what can be sent goes first, the rest waits."""

import logging
import shutil
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from training.node.client import Coordinator
from training.node.errors import NodeError
from training.node.home import NodeHome
from training.node.jobs import execution
from training.node.jobs.answering import Outcome
from training.node.jobs.execution import take_on
from training.node.jobs.journal import Journal, Step, Waiting, journals
from training.node.policy.local_policy import load_policy
from training.node.private.builds import send_reports

logger = logging.getLogger(__name__)

PASS_SECONDS: Final = 0.5
SWEEP_SECONDS: Final = 300.0
FIRST: Final = {Outcome.HELD: 5.0, Outcome.AWAY: 2.0, Outcome.STANDING: 15.0, Outcome.LATER: 1.0}
"""Seconds until a job is looked at again; each time without a change they double, up to LONGEST."""
LONGEST: Final = {Outcome.HELD: 10.0, Outcome.AWAY: 60.0, Outcome.STANDING: 300.0, Outcome.LATER: 30.0}


class Desk(threading.Thread):
    """Works on the journals of a home, for as long as the process lives.

    All waiting is by the monotonic clock: a clock that is set does not wake or hold anything.
    """

    def __init__(self, home: NodeHome) -> None:
        super().__init__(name="desk", daemon=True)
        self.home = home
        self._next: dict[str, float] = {}
        self._pause: dict[str, tuple[Outcome, float]] = {}
        self._closed: set[str] = set()
        self._swept = -SWEEP_SECONDS
        self._noting = threading.Lock()
        self._busy_with = ""

    def note(self, job_id: str) -> None:
        """Put a job on the desk, durably; one that is there is looked at again now."""
        with self._noting:
            journal = Journal.begin(self.home.jobs / job_id, job_id)
            if not journal.is_open and journal.ended in {"failed", "cancelled", "round-over"}:
                self._ask_again(journal)
            self._next.pop(job_id, None)
            self._closed.discard(job_id)
        if self._busy_with not in ("", job_id) and journal.step is Step.KNOWN and journal.waiting is None:
            self._tell_busy(journal)

    def run(self) -> None:
        """Take up each job in turn until the node stops; whatever happens to one, the others go on."""
        while not execution.stopping.wait(PASS_SECONDS):
            self._sweep()
            for journal in self._due():
                self._busy_with = journal.job
                try:
                    outcome = take_on(NodeHome(self.home.folder), journal)
                except NodeError as error:
                    logger.warning("job %s: %s: %s", journal.job, error.code, error)
                    outcome = Outcome.AWAY
                except Exception:
                    logger.exception("job %s: unexpected", journal.job)
                    outcome = Outcome.AWAY
                self._busy_with = ""
                self._wait(journal.job, outcome)
                break  # look again: something more urgent may have come

    def _due(self) -> list[Journal]:
        """Return what may be taken up now: results first, then what has begun, then the oldest."""
        now = time.monotonic()
        found = journals(self.home.jobs, but=self._closed)
        self._closed |= {journal.job for journal in found if not journal.is_open}
        open_ = (journal for journal in found if journal.is_open)
        due = [journal for journal in open_ if self._next.get(journal.job, 0.0) <= now or _was_told(journal)]
        return sorted(due, key=lambda journal: (-journal.step.rank, journal.since))

    def _wait(self, job: str, outcome: Outcome) -> None:
        if outcome is Outcome.DONE:
            self._next.pop(job, None)
            self._pause.pop(job, None)
            return
        before, pause = self._pause.get(job, (None, 0.0))
        seconds = min(pause * 2, LONGEST[outcome]) if before is outcome else FIRST[outcome]
        self._pause[job] = (outcome, seconds)
        self._next[job] = time.monotonic() + seconds

    def _ask_again(self, journal: Journal) -> None:
        """A job that was closed here is offered once more: begin anew under its old manifest, if it fits."""
        journal.note(step=Step.KNOWN, ended="", said="", claiming=False, attempt=0, results=[], statement={})
        self._pause.pop(journal.job, None)

    def _tell_busy(self, journal: Journal) -> None:
        told = f"this node computes one job at a time, now {self._busy_with}"
        try:
            with closing(Coordinator.of(self.home, patience=0)) as coordinator:
                body = {"code": "other-job-runs", "reason": told}
                coordinator.post(f"/api/v1/jobs/{journal.job}/hold", body)
        except NodeError as error:
            logger.info("job %s: the cause could not be told: %s", journal.job, error)
            return
        waiting = Waiting(code="other-job-runs", reason=told, since=datetime.now(UTC), told=True)
        journal.note(waiting=waiting)

    def _sweep(self) -> None:
        """Remove closed jobs when the policy's days are over; send reports of builds that wait."""
        if time.monotonic() - self._swept < SWEEP_SECONDS:
            return
        self._swept = time.monotonic()
        try:
            send_reports(self.home)
            keep = timedelta(days=load_policy(self.home.policy_file).keep_days)
        except NodeError as error:
            logger.warning("nothing is tidied up: %s", error)
            return
        for journal in journals(self.home.jobs):
            if not journal.is_open and datetime.now(UTC) - journal.moved > keep:
                shutil.rmtree(journal.folder, ignore_errors=True)


def _was_told(journal: Journal) -> bool:
    """Whether a person said something about a waiting job since it was last looked at."""
    said = journal.folder / "said.json"
    if journal.waiting is None or not said.exists():
        return False
    return said.stat().st_mtime > (journal.folder / "journal.json").stat().st_mtime
