"""Means with intervals over seeds: Student's t, because there are few of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Final

CONFIDENCE: Final = 95
"""Per cent."""
_T: Final = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
)  # fmt: skip
"""The 97.5 % points of Student's distribution with 1, 2, … degrees of freedom."""
_NORMAL: Final = 1.960


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean, and how far the interval reaches to both sides; None with a single value."""

    mean: float
    half: float | None

    @property
    def text(self) -> str:
        """The two in words of figures."""
        return f"{self.mean:.2f}" if self.half is None else f"{self.mean:.2f} ± {self.half:.2f}"

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether both have figures in common; false where one of them has no interval."""
        if self.half is None or other.half is None:
            return False
        return abs(self.mean - other.mean) <= self.half + other.half


def interval(values: Sequence[float]) -> Interval:
    """Return the mean and its 95 % interval: t · s / √n, with n - 1 degrees of freedom.

    Raises:
        StatisticsError: no values.
    """
    count = len(values)
    if count < 2:  # noqa: PLR2004 - one value says nothing of how it varies
        return Interval(fmean(values), None)
    quantile = _T[count - 2] if count - 2 < len(_T) else _NORMAL
    return Interval(fmean(values), quantile * stdev(values) / sqrt(count))
