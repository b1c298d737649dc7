"""How far a share in a sample may be from the share in the whole, at 95 %."""

from math import sqrt
from typing import Final

Z: Final = 1.959964


def half_width(hits: float, sampled: int, total: int) -> float:
    """Return the half-width of the interval of ``hits`` among ``sampled`` out of ``total`` records.

    Wilson (1927); 3/n where nothing was hit (Hanley and Lippman-Hand 1983); 0 where everything was looked at.
    """
    if sampled >= total:
        return 0.0
    if sampled == 0:
        return 1.0
    if hits == 0:
        return min(1.0, 3 / sampled)
    share = hits / sampled
    spread = share * (1 - share) / sampled + Z**2 / (4 * sampled**2)
    return min(1.0, Z * sqrt(spread) / (1 + Z**2 / sampled))


def distinct_half_width(distinct: int, share_distinct: float, *, sampled: bool) -> float:
    """Return the half-width of a share of repeats estimated from ``distinct`` values kept by their hash.

    The count kept is binomial, so its relative deviation is at most 1/√distinct.
    """
    return min(1.0, Z * share_distinct / sqrt(max(1, distinct))) if sampled else 0.0
