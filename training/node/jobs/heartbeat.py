"""Telling the coordinator that we live, and hearing whether we should stop, whatever else is going on."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Self

from training.node.client import Coordinator
from training.node.errors import Gone, Interrupted, JobError, NodeError, Unreachable

MOST_METRICS: Final = 400
MOST_LINES: Final = 80
READINGS: Final = (
    *("step", "loss", "tokens_per_second", "tokens"),
    *("memory_bytes", "gradient_norm", "joules"),
)
CLOCKS: Final = frozenset({"signature-expired", "signature-not-yet-valid"})
"""A clock that jumped costs heartbeats, and in the end the lease, but none of the work."""


class Heartbeat:
    """Gathers a job's reports and sends them from a thread of its own, about four times in each lease.

    So a long download or upload does not cost the lease. What the coordinator answers is acted on in the
    job's own thread, by ``check``. A coordinator that is away is no reason to stop: the job goes on, and its
    reports wait here.

    Attributes:
        interval: seconds between two beats, as the coordinator last asked for.
        attempt: the one that holds the job.
        rekey: signs from now on with the key in force; whether that is another than before.
    """

    def __init__(
        self,
        *,
        coordinator: Coordinator,
        path: str,
        attempt: int,
        lease: float,
        rekey: Callable[[], bool] = lambda: False,
    ) -> None:
        self.interval = min(max(lease / 4, 0.5), 2.0)
        self.attempt = attempt
        self._longest = max(lease / 3, 0.5)
        self._rekey = rekey
        self._coordinator = coordinator
        self._path = path
        self._place: dict[str, Any] = {"phase": "starting", "step": 0, "steps": 0}
        self._metrics: list[dict[str, Any]] = []
        self._log: list[str] = []
        self._answer: NodeError | None = None
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(timeout=self.interval)

    def take(self, report: dict[str, Any] | None) -> None:
        """Note a report of the child, or None when it had nothing to say."""
        if report is not None:
            with self._lock:
                self._note(report)

    def check(self, regain: Callable[[], None]) -> None:
        """Act on what the coordinator last answered; ``regain`` takes a lease that was lost.

        Raises:
            Interrupted: ``cancelled``, ``paused-there``.
            NodeError: whatever else ends the job here; what ``regain`` raises, but for Unreachable.
        """
        answer = self._answer
        if isinstance(answer, Gone):
            with suppress(Unreachable):
                regain()
                self._answer = None
        elif answer is not None:
            raise answer

    def phase(self, name: str) -> None:
        """Enter a phase of the node's own, and say so soon."""
        self.take({"kind": "phase", "name": name})

    def beat(self) -> None:
        """Send what has gathered; what did not arrive is sent again with the next one."""
        with self._sending:
            with self._lock:
                metrics, log = self._metrics[:MOST_METRICS], self._log[:MOST_LINES]
                body = {"attempt": self.attempt, **self._place, "metrics": metrics, "log": log}
            answer = self._coordinator.post(self._path, body)
            with self._lock:
                self._metrics, self._log = self._metrics[len(metrics) :], self._log[len(log) :]
        self.interval = min(float(answer.get("next_in_seconds", self.interval)), self._longest)
        if answer.get("cancel"):
            raise Interrupted("cancelled", "the coordinator cancelled this job")
        if answer.get("pause"):
            raise Interrupted("paused-there", "the job was paused at the coordinator")

    def _note(self, report: dict[str, Any]) -> None:
        match report:
            case {"kind": "phase", "name": name}:
                self._place = {"phase": name, "step": report.get("step", 0), "steps": report.get("steps", 0)}
            case {"kind": "metric", "step": step, "steps": steps}:
                self._place |= {"step": step, "steps": steps}
                self._metrics.append({key: report[key] for key in READINGS if report.get(key) is not None})
            case {"kind": "log", "text": text}:
                self._log.append(str(text)[:500])

    def _run(self) -> None:
        while not self._ended.wait(self.interval):
            if self._answer is not None:
                continue  # until the job's own thread has acted on it
            try:
                self.beat()
            except (Gone, Interrupted) as error:
                self._answer = error
            except JobError as error:
                if error.code not in CLOCKS and not self._rekey():
                    self._answer = error
            except NodeError:
                continue  # away for a while: the job goes on
