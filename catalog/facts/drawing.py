"""An even sample of records from a stream of unknown length, in bounded memory."""

import heapq
from typing import Final

import numpy as np

KEPT: Final = 10_000
CLIP: Final = 1_000
"""Bytes of a record that are kept; together at most 10 MB."""

METHOD: Final = "drawn evenly, without replacement, seed 1"


class Draw:
    """Gives each record a random number and keeps those with the least; one file gives one sample."""

    def __init__(self) -> None:
        self.seen = 0
        self._chance = np.random.default_rng(1)
        self._heap: list[tuple[float, int, bytes]] = []  # the greatest first, negated

    def add(self, records: list[bytes]) -> None:
        """Take the next records in."""
        numbers = self._chance.random(len(records))
        limit = -self._heap[0][0] if len(self._heap) == KEPT else 1.0
        for at in np.flatnonzero(numbers < limit).tolist():
            item = (-float(numbers[at]), self.seen + at, records[at][:CLIP])
            if len(self._heap) < KEPT:
                heapq.heappush(self._heap, item)
            else:
                heapq.heappushpop(self._heap, item)
        self.seen += len(records)

    def records(self) -> list[bytes]:
        """Return the records drawn, in random order, so that each head of the list is a sample too."""
        return [record for _, _, record in sorted(self._heap, reverse=True)]
