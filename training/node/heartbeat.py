"""Telling the coordinator that we live, and hearing whether we should stop, whatever else is going on."""

import threading
from typing import Any, Self

from training.node.client import Coordinator
from training.node.errors import Gone, Interrupted, JobError, NodeError

MOST_METRICS = 400
MOST_LINES = 80


class Heartbeat:
    """Gathers a job's reports and sends them from a thread of its own, about four times in each lease.

    So a long download or upload does not cost the lease. What the coordinator answers (cancelled, or taken
    over by another attempt) is raised in the job's own thread, at its next report.

    Attributes:
        interval: seconds between two beats.
        results: the ``result`` reports, which stay here and go into the signed statement.
    """

    def __init__(self, *, coordinator: Coordinator, path: str, attempt: int, lease: float) -> None:
        self.interval = min(max(lease / 4, 0.5), 2.0)
        self.results: list[dict[str, Any]] = []
        self._coordinator = coordinator
        self._path = path
        self._attempt = attempt
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
        """Note a report of the child, or None when it had nothing to say.

        Raises:
            Interrupted: ``cancelled`` when the coordinator asks us to stop.
            Gone: when another attempt has taken over.
        """
        if report is not None:
            with self._lock:
                self._note(report)
        if self._answer is not None:
            raise self._answer

    def _note(self, report: dict[str, Any]) -> None:
        match report:
            case {"kind": "phase", "name": name}:
                self._place = {"phase": name, "step": report.get("step", 0), "steps": report.get("steps", 0)}
            case {"kind": "metric", "step": step, "steps": steps}:
                self._place |= {"step": step, "steps": steps}
                self._metrics.append({key: report[key] for key in ("step", "loss", "tokens_per_second")})
            case {"kind": "log", "text": text}:
                self._log.append(str(text)[:500])
            case {"kind": "result"}:
                self.results.append({key: value for key, value in report.items() if key != "kind"})

    def phase(self, name: str) -> None:
        """Enter a phase of the node's own, and say so now; raises what ``take`` raises."""
        self.take({"kind": "phase", "name": name})
        self.beat()

    def beat(self) -> None:
        """Send what has gathered; what did not arrive is sent again with the next one."""
        with self._sending:
            with self._lock:
                metrics, log = self._metrics[:MOST_METRICS], self._log[:MOST_LINES]
                body = {"attempt": self._attempt, **self._place, "metrics": metrics, "log": log}
            answer = self._coordinator.post(self._path, body)
            with self._lock:
                self._metrics, self._log = self._metrics[len(metrics) :], self._log[len(log) :]
        if answer.get("cancel"):
            raise Interrupted("cancelled", "the coordinator cancelled this job")

    def _run(self) -> None:
        while not self._ended.wait(self.interval):
            try:
                self.beat()
            except (Gone, Interrupted, JobError) as error:
                self._answer = error
                return
            except NodeError:
                continue  # away for a while: the job goes on, and the lease decides
