"""From what was counted over all spans to the numbers with which spans are merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.merge.parameters import Clipped, Krum, Median, MultiKrum, Parameters, Ties, Weighted
from training.merge.plan import MergePlan
from training.merge.rules.coefficients import geometric_median, multi_krum, norm_clipped, norms
from training.merge.rules.sparse import threshold
from training.merge.sums import Sums

Coefficients = Mapping[str, Fraction]
"""By contribution digest, in the order of digests."""

GRAIN: Final = 10**10
"""Found coefficients are whole multiples of 1 / GRAIN. A float32 factor keeps 7 digits, so nothing is lost,
and the last digits of a sum, which depend on spans and on the machine's BLAS, hardly ever reach a recipe."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What spans are merged with.

    Attributes:
        coefficients: how much each update counts; None where the rule is not linear.
        thresholds: of TIES, the least magnitude kept of each update; else empty.
        parameters: the rule's, as the recipe writes them, found coefficients included.
    """

    coefficients: Coefficients | None
    thresholds: tuple[float, ...]
    parameters: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values; float32 numbers are exact in JSON."""
        exact = (
            None
            if self.coefficients is None
            else {key: str(value) for key, value in self.coefficients.items()}
        )
        return {
            "coefficients": exact,
            "thresholds": list(self.thresholds),
            "parameters": dict(self.parameters),
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Resolved":
        """Return what `to_json` wrote."""
        exact = said["coefficients"]
        found = None if exact is None else {key: Fraction(value) for key, value in exact.items()}
        return cls(found, tuple(said["thresholds"]), said["parameters"])


def resolve(plan: MergePlan, elements: int, sums: Sums) -> Resolved:
    """Return coefficients, thresholds and parameters; ``sums`` are those of all surveys over all spans.

    Coefficients that stand in the plan's parameters are used as they are: that is a replay.
    """
    given, found = plan.parameters, _given(plan)
    if found is None and plan.rule.found:
        found = find_coefficients(given, plan.digests, sums["gram"])
    thresholds = _thresholds(sums, kept_of(given, elements)) if isinstance(given, Ties) else ()
    said = given.said()
    if plan.rule.found and found is not None:
        said["coefficients"] = {digest: str(value) for digest, value in found.items()}
    return Resolved(found, thresholds, said)


def find_coefficients(
    given: Parameters, digests: Sequence[str], gram: NDArray[np.float64]
) -> dict[str, Fraction]:
    """Return the coefficients of a linear rule, from the dot products of the updates where they are needed.

    Multiples of 1 / GRAIN, and weights that are not scaled as they are. They add up to exactly one, and to at
    most one where norms are clipped.
    """
    weights = _weights(given, digests)
    floats = [float(weight) for weight in weights]
    if isinstance(given, Clipped):
        exact = _clipped(gram, weights, float(given.clip))
    elif isinstance(given, Krum):
        chosen = given.chosen if isinstance(given, MultiKrum) else 1
        exact = [Fraction(bool(part), chosen) for part in multi_krum(gram, given.hostile, chosen)]
    elif isinstance(given, Median):
        exact = rounded(geometric_median(gram, floats))
    else:
        exact = weights
    return dict(zip(digests, exact, strict=True))


def rounded(found: NDArray[np.float64]) -> list[Fraction]:
    """Return multiples of 1 / GRAIN that add up to one: what is over goes to the largest remainders."""
    scaled = found * GRAIN
    whole = np.floor(scaled)
    parts = [int(part) for part in whole]
    over = GRAIN - sum(parts)
    for place in np.argsort(whole - scaled, kind="stable")[: max(over, 0)]:
        parts[place] += 1
    parts[int(np.argmax(parts))] += GRAIN - sum(parts)
    return [Fraction(part, GRAIN) for part in parts]


def kept_of(given: Ties, elements: int) -> int:
    """Return how many values of each update TIES keeps: the density's part, and one at least."""
    return min(max(1, int(given.density * elements)), elements)


def _given(plan: MergePlan) -> dict[str, Fraction] | None:
    said = getattr(plan.parameters, "coefficients", None)
    if isinstance(plan.parameters, Weighted):
        said = plan.parameters.weights
    elif plan.rule.name == "mean":
        said = dict.fromkeys(plan.digests, Fraction(1, len(plan.digests)))
    return None if said is None else {digest: said[digest] for digest in plan.digests}


def _weights(given: Parameters, digests: Sequence[str]) -> list[Fraction]:
    said = getattr(given, "weights", None)
    return [said[digest] if said else Fraction(1, len(digests)) for digest in digests]


def _clipped(gram: NDArray[np.float64], weights: Sequence[Fraction], clip: float) -> list[Fraction]:
    """A bound of zero, where most updates are zero, leaves nothing of the others."""
    bound = clip * float(np.median(norms(gram)))
    scales = norm_clipped(gram, [1.0] * len(weights), bound) if bound else (norms(gram) == 0).astype(float)
    # Down, not to the nearest: the sum must not get above one.
    return [
        weight if scale == 1 else Fraction(int(float(weight) * scale * GRAIN), GRAIN)
        for weight, scale in zip(weights, scales, strict=True)
    ]


def _thresholds(sums: Sums, kept: int) -> tuple[float, ...]:
    pairs = zip(sums["upper"], sums["lower"], strict=True)
    return tuple(float(threshold(upper, lower, kept)) for upper, lower in pairs)
