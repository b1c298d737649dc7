"""What is told while training: the hooks of the manifest, a closed list, read at the pace of a person."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from training.node.learning.energy import EnergyCounter
from training.node.learning.reporting import report

if TYPE_CHECKING:
    import torch

    from training.manifest import Training
    from training.node.learning.sharding import Group

EVERY: Final = 5
"""Steps between two metrics, when steps are neither very fast nor very slow."""
SHORTEST: Final = 0.1
LONGEST: Final = 2.0
"""Seconds between two metrics. Reading a loss waits for the accelerator, so fast steps are not all read."""


class Meter:
    """Tells of steps. Tokens, seconds and joules count from its making."""

    def __init__(self, settings: Training, group: Group) -> None:
        self._settings = settings
        self._leads = group.leads
        self._energy = EnergyCounter(group.world) if "energy" in settings.hooks and group.leads else None
        self._start = self._mark = time.monotonic()
        self._told = 0
        self._read = 0

    @property
    def seconds(self) -> float:
        """Seconds since the first step of this process began."""
        return time.monotonic() - self._start

    def joules(self) -> float | None:
        """Joules since then, where the machine can tell and the manifest asks."""
        return self._energy.joules() if self._energy else None

    def is_due(self, step: int) -> bool:
        """Whether this step's loss should be read and told."""
        since = time.monotonic() - self._mark
        return self._told == 0 or (since >= SHORTEST and step % EVERY == 0) or since >= LONGEST

    def tell(self, step: int, *, loss: float, tokens: int, norm: torch.Tensor) -> None:
        """Report the metric of a step; ``tokens`` is how many were read since the process began."""
        now = time.monotonic()
        rate = (tokens - self._read) / max(now - self._mark, 1e-9)
        self._mark, self._read, self._told = now, tokens, step
        place = {"step": step, "steps": self._settings.steps}
        if not self._leads:
            return
        if "curve" in self._settings.hooks or step in {1, self._settings.steps}:
            report("metric", **place, loss=loss, tokens=tokens, tokens_per_second=rate, **self._extra(norm))
        else:
            report("phase", name="training", **place)

    def _extra(self, norm: torch.Tensor) -> dict[str, Any]:
        hooks, found = self._settings.hooks, {}
        if "gradient-norm" in hooks:
            found["gradient_norm"] = float(norm)
        if "memory" in hooks:
            found["memory_bytes"] = memory_bytes()
        joules = self.joules()
        return found if joules is None else found | {"joules": joules}


def memory_bytes() -> int:
    """Return the most memory that this process has held, of its accelerator or else of the machine."""
    import resource

    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
