"""What the updates become together: one rule applied to a chunk of their values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.merge.parameters import Dare, Trimmed
from training.merge.plan import MergePlan
from training.merge.resolving import Resolved
from training.merge.rules.order import coordinate_median, trimmed_mean
from training.merge.rules.sparse import dare, drawn, ties

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The rule of a plan, resolved: float32, rounded at every step, in the order of digests (INV-5)."""

    plan: MergePlan
    resolved: Resolved

    def __call__(self, deltas: Rows, start: int) -> Rows:
        """Return the aggregated update of a chunk (updates, elements) that begins at element ``start``."""
        given = self.plan.parameters
        if isinstance(given, Trimmed):
            return trimmed_mean(deltas, given.trim)
        if isinstance(given, Dare):
            return mean([self._dropped(delta, number, start) for number, delta in enumerate(deltas)])
        match self.plan.rule.name:
            case "mean":
                return mean(deltas)
            case "coordinate-median":
                return coordinate_median(deltas)
            case "ties":
                return ties(deltas, [np.float32(value) for value in self.resolved.thresholds])
            case _:
                return self._weighted(deltas)

    def _weighted(self, deltas: Rows) -> Rows:
        exact = self.resolved.coefficients or {}
        factors = [np.float32(float(exact[digest])) for digest in self.plan.digests]
        result: Rows = deltas[0] * factors[0]
        for delta, factor in zip(deltas[1:], factors[1:], strict=True):
            result += delta * factor
        return result

    def _dropped(self, delta: Rows, number: int, start: int) -> Rows:
        given = self.plan.parameters
        assert isinstance(given, Dare)  # noqa: S101 - for mypy
        drop = float(given.drop)
        kept = drawn(given.seed, self.plan.digests[number], start, len(delta), drop)
        return dare(delta, kept, drop)


def mean(deltas: Rows | Sequence[Rows]) -> Rows:
    """Return ((d₀ + d₁ + …) / n)."""
    first, *rest = deltas
    result: Rows = first + rest[0] if rest else first.copy()
    for delta in rest[1:]:
        result += delta
    result /= np.float32(len(deltas))
    return result
