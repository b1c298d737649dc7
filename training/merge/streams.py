"""A base and updates of it, read side by side in equal chunks of elements, whatever the updates' codec."""

import math
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.codecs import Decoded
from training.tensors import TensorLayout, read_exactly, read_into

F32 = np.dtype("<f4")


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


def side_by_side(
    sources: Sequence[Source], span: tuple[int, int], chunk_bytes: int, pool: Executor
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the number of a chunk's first element and the elements of all sources there.

    Chunks are arrays of shape (sources, elements), `chunk_bytes` of each at a time, from the span's start to
    before its stop. While one is looked at, the next is read into the other of two arrays: memory is
    2 × sources × chunk, whatever the size of the model.
    """
    first, stop = span
    step = max(chunk_bytes // F32.itemsize, 1)
    both = np.empty((2, len(sources), min(step, stop - first)), F32)

    def read(number: int, start: int) -> NDArray[np.float32]:
        rows = both[number % 2, :, : min(step, stop - start)]
        for row, source in zip(rows, sources, strict=True):
            source.fill(row, start)
        return rows

    ahead: Future[NDArray[np.float32]] | None = None
    for number, start in enumerate(range(first, stop, step)):
        rows = ahead.result() if ahead else read(number, start)
        ahead = pool.submit(read, number + 1, start + step) if start + step < stop else None
        yield start, rows
