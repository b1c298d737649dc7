"""Several tensor files with one layout, read side by side in equal chunks of bytes."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.tensors import TensorLayout, read_exactly, read_into

F32 = np.dtype("<f4")


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


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """Open a tensor file for as long as the block runs; raises OSError, LayoutError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield Stream(path, descriptor, TensorLayout.read(descriptor))
    finally:
        os.close(descriptor)


def side_by_side(streams: Sequence[Stream], chunk_bytes: int) -> Iterator[NDArray[np.float32]]:
    """The float32 data of all streams: arrays of shape (streams, elements), `chunk_bytes` of each at a time.

    One array is reused for every chunk: memory is streams × chunk, whatever the size of the model.
    """
    elements = max(chunk_bytes // F32.itemsize, 1)
    total = streams[0].layout.data_bytes // F32.itemsize
    chunk = np.empty((len(streams), min(elements, total)), F32)
    for start in range(0, total, elements):
        rows = chunk[:, : min(elements, total - start)]
        for row, stream in zip(rows, streams, strict=True):
            read_into(stream.descriptor, row.data, stream.layout.data_start + start * F32.itemsize)
        yield rows
