"""Running the child that computes, and counting what it uses while it runs."""

import time
from collections.abc import Callable
from typing import Any, Final

from training.manifest import JobManifest
from training.node.child import Child
from training.node.errors import Held, JobError
from training.node.home import NodeHome
from training.node.jobs.journal import Journal, Spent, Step
from training.node.learning.request import Request
from training.node.policy.budgets import Ledger
from training.node.policy.holding import check_disk

COUNT_EVERY: Final = 15.0
"""Seconds between two lines in the ledger: what a kill -9 leaves uncounted at most."""
TICK: Final = 0.5
"""Seconds between two looks at whether to stop."""

Attend = Callable[[dict[str, Any] | None], None]


class Meter:
    """Counts into the journal, and where there is one the ledger, what one run of the child uses."""

    def __init__(self, ledger: Ledger | None, journal: Journal) -> None:
        self._ledger, self._journal = ledger, journal
        self._began = self._counted = time.monotonic()
        self._tokens = self._joules = 0.0
        self._before, self._noted = journal.spent, Spent()

    def take(self, report: dict[str, Any] | None) -> None:
        """Note the figures of a reading; they count from the start of this child."""
        if report is not None and report.get("kind") == "metric":
            self._tokens = float(report.get("tokens") or self._tokens)
            self._joules = float(report.get("joules") or self._joules)
        if time.monotonic() - self._counted >= COUNT_EVERY:
            self.count()

    def count(self) -> None:
        """Write down what was used since the last time."""
        self._counted = time.monotonic()
        now = Spent(seconds=self._counted - self._began, tokens=int(self._tokens), joules=self._joules)
        used = {name: getattr(now, name) - getattr(self._noted, name) for name in Spent.model_fields}
        if self._ledger is not None:
            self._ledger.add(self._journal.job, **used)
        self._noted = now
        total = {name: getattr(self._before, name) + getattr(now, name) for name in Spent.model_fields}
        self._journal.note(spent=Spent(**total))


def compute(
    home: NodeHome,
    journal: Journal,
    manifest: JobManifest,
    request: Request,
    *,
    attend: Attend,
    counted: bool = True,
) -> None:
    """Train or evaluate in the journal's folder, from its newest checkpoint where there is one.

    ``attend`` gets every report, or None, at least every ``TICK`` seconds, and ends the run by raising. What
    is ``counted`` uses up the member's budgets.

    Raises:
        Held: ``disk-full``. JobError: see `Child.reports`.
    """
    request.write(journal.folder)
    journal.reach(Step.TRAINING, results=[])
    meter = Meter(Ledger(home.folder) if counted else None, journal)
    results: list[dict[str, Any]] = []
    left = max(1, int(manifest.limits.seconds - journal.spent.seconds))
    try:
        with Child(
            module="trainer" if manifest.kind.trains else "evaluator",
            workspace=journal.folder,
            seconds=left,
            memory=manifest.limits.memory_bytes,
            threads=home.config.threads,
            processes=request.processes,
        ) as child:
            for report in child.reports(tick=TICK):
                meter.take(report)
                attend(report)
                if report is not None and report.get("kind") == "result":
                    results.append({key: value for key, value in report.items() if key != "kind"})
    except JobError as error:
        _blame_the_disk(home, error)
        raise
    finally:
        meter.count()
    journal.reach(Step.COMPUTED, results=results, computed_under=journal.attempt)


def _blame_the_disk(home: NodeHome, error: JobError) -> None:
    """Where the child died for want of space the job is not at fault, and waits."""
    try:
        check_disk(home)
    except Held as full:
        raise Held(full.code, f"{full} ({error.code})") from None
