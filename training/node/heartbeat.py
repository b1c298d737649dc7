"""Telling the coordinator that we live, and hearing whether we should stop."""

import time
from typing import Any

from training.node.client import Coordinator
from training.node.errors import Interrupted


class Heartbeat:
    """Gathers a job's reports and sends them in beats, about four in each lease.

    Attributes:
        results: the ``result`` reports, which stay here and go into the signed statement.
    """

    def __init__(self, *, coordinator: Coordinator, job: str, attempt: int, lease: float) -> None:
        self._coordinator = coordinator
        self._path = f"/api/v1/jobs/{job}/heartbeat"
        self._attempt = attempt
        self.interval = min(max(lease / 4, 0.5), 2.0)
        self._last = 0.0
        self._phase, self._step, self._steps = "starting", 0, 0
        self._metrics: list[dict[str, Any]] = []
        self._log: list[str] = []
        self.results: list[dict[str, Any]] = []

    def take(self, report: dict[str, Any] | None) -> None:
        """Note a report of the child and beat when it is time.

        Raises:
            Interrupted: ``cancelled`` when the coordinator asks us to stop.
            Gone: when another attempt has taken over.
        """
        match (report or {}).get("kind"):
            case "phase":
                self._phase = str(report["name"]) if report else ""
                self._step, self._steps = (report or {}).get("step", 0), (report or {}).get("steps", 0)
            case "metric" if report:
                self._step, self._steps = report["step"], report["steps"]
                self._metrics.append({k: report[k] for k in ("step", "loss", "tokens_per_second")})
            case "log" if report:
                self._log.append(str(report["text"])[:500])
            case "result" if report:
                self.results.append({key: value for key, value in report.items() if key != "kind"})
        if time.monotonic() - self._last >= self.interval:
            self.beat()

    def phase(self, name: str) -> None:
        """Enter a phase of the node's own and say so at once."""
        self._phase, self._step, self._steps = name, 0, 0
        self.beat()

    def beat(self) -> None:
        """Send what has gathered; what was sent is forgotten only when it arrived."""
        body = {
            "attempt": self._attempt,
            "phase": self._phase,
            "step": self._step,
            "steps": self._steps,
            "metrics": self._metrics,
            "log": self._log,
        }
        answer = self._coordinator.post(self._path, body)
        self._metrics, self._log, self._last = [], [], time.monotonic()
        if answer.get("cancel"):
            raise Interrupted("cancelled", "the coordinator cancelled this job")
