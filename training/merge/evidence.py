"""What is learned of the updates while they are merged, as sums over elements."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.merge.sums import Sums

Rows = NDArray[np.float32]
_TILE: Final = 1 << 13


def evidence_of(deltas: Rows, aggregate: Rows, *, linear: bool) -> Sums:
    """Return what a chunk adds, of values (updates, elements) and what they became together, (elements,).

    Arrays that add up over chunks: ``gram``, dot products; ``agreeing`` and ``comparable``, the elements with
    the aggregate's sign, and those where both are not zero; for rules that are not linear ``along``, dot
    products with the aggregate, which for others follow from ``gram``.
    """
    both = (deltas != 0) & (aggregate != 0)
    agree = ((deltas > 0) == (aggregate > 0)) & both
    found = {"gram": products(deltas), "agreeing": _counts(agree), "comparable": _counts(both)}
    if linear:
        return found
    wide = aggregate.astype(np.float64)
    return found | {"along": np.array([np.dot(delta.astype(np.float64), wide) for delta in deltas])}


def products(deltas: Rows) -> NDArray[np.float64]:
    """Return the dot products of a chunk's rows.

    In float64, because a sum of 10⁸ float32 squares is not; in tiles, so that the wide copy stays in cache.
    """
    gram, wide = np.zeros((len(deltas),) * 2), np.empty((len(deltas), min(_TILE, deltas.shape[1])))
    for start in range(0, deltas.shape[1], _TILE):
        tile = deltas[:, start : start + _TILE]
        part = wide[:, : tile.shape[1]]
        np.copyto(part, tile)
        gram += np.dot(part, part.T)  # unlike the operator @, it lets other threads run
    return gram


def _counts(rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    # With an axis numpy would add up integers, which takes ten times as long.
    return np.array([np.count_nonzero(row) for row in rows], np.int64)
