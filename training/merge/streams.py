"""A base and updates of it, read side by side in equal chunks of elements, whatever the updates' codec."""

import math
import os
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from training.codecs import Decoded
from training.tensors import TensorLayout, read_exactly, read_into

F32 = np.dtype("<f4")
AT_ONCE: Final = 2
"""Chunks that are looked at beside each other, each by a thread."""

Found = TypeVar("Found")


class Source(Protocol):
    """Something that has the base's elements, in the base's order."""

    def fill(self, row: NDArray[np.float32], start: int) -> None:
        """Fill `row` with the elements from number `start` on; raises LayoutError, CodecError."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An open tensor file and its layout."""

    path: Path
    descriptor: int
    layout: TensorLayout

    @property
    def header(self) -> bytes:
        """Everything before the data: length prefix, header, padding."""
        return read_exactly(self.descriptor, self.layout.data_start, 0)

    @property
    def elements(self) -> int:
        """Number of float32 elements."""
        return self.layout.data_bytes // F32.itemsize

    def fill(self, row: NDArray[np.float32], start: int) -> None:
        """See Source. The file's own order is the base's."""
        read_into(self.descriptor, row.data, self.layout.data_start + start * F32.itemsize)


class InOrderOf:
    """An update whose tensors are read in the order in which the base has them."""

    def __init__(self, update: Decoded, base: TensorLayout) -> None:
        self._update = update
        self._names = [tensor.name for tensor in base.tensors]
        self._ends = list(accumulate(math.prod(update.shapes[name]) for name in self._names))

    def fill(self, row: NDArray[np.float32], start: int) -> None:
        """See Source."""
        done = 0
        index = bisect_right(self._ends, start)
        while done < row.size:
            begin = self._ends[index - 1] if index else 0
            at = start + done
            count = min(row.size - done, self._ends[index] - at)
            self._update.read(self._names[index], at - begin, row[done : done + count])
            done, index = done + count, index + 1


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """Open a tensor file for as long as the block runs; raises OSError, LayoutError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield Stream(path, descriptor, TensorLayout.read(descriptor))
    finally:
        os.close(descriptor)


def look_over(
    sources: Sequence[Source],
    span: tuple[int, int],
    chunk_bytes: int,
    pool: Executor,
    look: Callable[[int, NDArray[np.float32]], Found],
) -> Iterator[Found]:
    """Yield what ``look`` finds in each chunk of a span, in the order of the chunks.

    ``look`` gets the number of the chunk's first element and the elements of all sources there, an array of
    shape (sources, elements), `chunk_bytes` of each, which is used again after it. `AT_ONCE` chunks are read
    and looked at beside each other in ``pool``, and beside what the caller does with what was found: numpy
    lets other threads run. Memory is `AT_ONCE` × sources × chunk, whatever the size of the model.
    """
    first, stop = span
    step = max(chunk_bytes // F32.itemsize, 1)
    spare: SimpleQueue[NDArray[np.float32]] = SimpleQueue()
    for _ in range(AT_ONCE):
        spare.put(np.empty((len(sources), min(step, stop - first)), F32))

    def read_and_look(start: int) -> Found:
        held = spare.get()
        try:
            rows = held[:, : min(step, stop - start)]
            for row, source in zip(rows, sources, strict=True):
                source.fill(row, start)
            return look(start, rows)
        finally:
            spare.put(held)

    begun: deque[Future[Found]] = deque()
    for start in range(first, stop, step):
        if len(begun) > AT_ONCE:
            yield begun.popleft().result()
        begun.append(pool.submit(read_and_look, start))
    while begun:
        yield begun.popleft().result()
