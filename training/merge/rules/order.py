"""Order statistics of each coordinate: no single update decides where a value lies (Yin et al. 2018)."""

from collections.abc import Collection, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

TILE = 1 << 15
"""Coordinates at a time: eight updates' values of them stay in a second-level cache of a MiB."""
_HALF = np.float32(0.5)


def coordinate_median(deltas: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the median of each column of (updates, coordinates); of an even number the middle two's mean.

    Finite values only: a NaN would move along the column.
    """
    count = len(deltas)
    middle = ((count - 1) // 2, count // 2)
    result = np.empty(deltas.shape[1], np.float32)
    for span, rows in _sorted_tiles(deltas, frozenset(middle)):
        low, high = (rows[rank] for rank in middle)
        result[span] = low if low is high else low * _HALF + high * _HALF
    return result


def trimmed_mean(deltas: NDArray[np.float32], trim: int) -> NDArray[np.float32]:
    """Return the mean of each column without its ``trim`` smallest and ``trim`` largest values.

    Raises:
        ValueError: nothing would be left.
    """
    ranks = range(trim, len(deltas) - trim)
    if trim < 0 or not ranks:
        raise ValueError(f"{trim} cannot be cut off at both ends of {len(deltas)} updates")
    result = np.empty(deltas.shape[1], np.float32)
    for span, rows in _sorted_tiles(deltas, frozenset(ranks)):
        total = rows[ranks[0]].copy()
        for rank in ranks[1:]:
            total += rows[rank]
        result[span] = total / np.float32(len(ranks))
    return result


@cache
def comparisons(count: int, ranks: frozenset[int]) -> tuple[tuple[int, int], ...]:
    """Return the pairs to compare and put in order so that these ranks of ``count`` values come out right.

    Batcher's odd-even merge sort (Sorting networks and their applications, 1968) for any count, less the
    comparisons on which none of the ranks depends.
    """
    kept: list[tuple[int, int]] = []
    needed = set(ranks)
    for low, high in reversed(list(_batcher(count))):
        if low in needed or high in needed:
            needed |= {low, high}
            kept.append((low, high))
    return tuple(reversed(kept))


def _batcher(count: int) -> Iterator[tuple[int, int]]:
    width = 1
    while width < count:
        step = width
        while step >= 1:
            for start in range(step % width, count - step, 2 * step):
                for low in range(start, min(start + step, count - step)):
                    if low // (2 * width) == (low + step) // (2 * width):
                        yield low, low + step
            step //= 2
        width *= 2


def _sorted_tiles(
    deltas: NDArray[np.float32], ranks: Collection[int]
) -> Iterator[tuple[slice, list[NDArray[np.float32]]]]:
    """Give spans of coordinates, one row for each rank; only those of ``ranks`` are in their places."""
    pairs = comparisons(len(deltas), frozenset(ranks))
    for start in range(0, deltas.shape[1], TILE):
        span = slice(start, min(start + TILE, deltas.shape[1]))
        rows = list(deltas[:, span].copy())
        spare = np.empty_like(rows[0])
        for low, high in pairs:
            np.minimum(rows[low], rows[high], out=spare)
            np.maximum(rows[low], rows[high], out=rows[high])
            rows[low], spare = spare, rows[low]
        yield span, rows
