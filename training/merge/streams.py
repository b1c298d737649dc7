"""A base and updates of it, read side by side in equal chunks of elements, whatever the updates' codec."""

import math
import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
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


def side_by_side(sources: Sequence[Source], elements: int, chunk_bytes: int) -> Iterator[NDArray[np.float32]]:
    """The `elements` of all sources: arrays of shape (sources, elements), `chunk_bytes` of each at a time.

    One array is reused for every chunk: memory is sources × chunk, whatever the size of the model.
    """
    step = max(chunk_bytes // F32.itemsize, 1)
    chunk = np.empty((len(sources), min(step, elements)), F32)
    for start in range(0, elements, step):
        rows = chunk[:, : min(step, elements - start)]
        for row, source in zip(rows, sources, strict=True):
            source.fill(row, start)
        yield rows
