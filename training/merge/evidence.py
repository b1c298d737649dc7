"""What is learned of the updates while they are merged, as sums over elements."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.merge.sums import Sums

Rows = NDArray[np.float32]
_TILE: Final = 1 << 13


class Evidence:
    """Dot products of the updates, of each with what they became together, and how many signs agree.

    Those with a weighted sum follow from the others, so they are counted for rules that are not linear only.
    """

    def __init__(self, updates: int, *, linear: bool) -> None:
        self._gram = np.zeros((updates, updates))
        self._along = None if linear else np.zeros(updates)
        self._agreeing = np.zeros(updates, np.int64)
        self._comparable = np.zeros(updates, np.int64)

    def add(self, deltas: Rows, aggregate: Rows) -> None:
        """Take in a chunk: (updates, elements), and (elements,)."""
        add_products(self._gram, deltas)
        if self._along is not None:
            wide = aggregate.astype(np.float64)
            self._along += [delta.astype(np.float64) @ wide for delta in deltas]
        up, there = aggregate > 0, aggregate != 0
        for number, delta in enumerate(deltas):
            both = (delta != 0) & there
            self._comparable[number] += np.count_nonzero(both)
            self._agreeing[number] += np.count_nonzero(((delta > 0) == up) & both)

    @property
    def sums(self) -> Sums:
        """Arrays that add up over spans."""
        found = {"gram": self._gram, "agreeing": self._agreeing, "comparable": self._comparable}
        return found if self._along is None else found | {"along": self._along}


def add_products(gram: NDArray[np.float64], deltas: Rows) -> None:
    """Add the dot products of a chunk's rows to ``gram``.

    In float64, because a sum of 10⁸ float32 squares is not; in tiles, so that the wide copy stays in cache.
    """
    wide = np.empty((len(deltas), min(_TILE, deltas.shape[1])))
    for start in range(0, deltas.shape[1], _TILE):
        tile = deltas[:, start : start + _TILE]
        part = wide[:, : tile.shape[1]]
        np.copyto(part, tile)
        gram += part @ part.T
