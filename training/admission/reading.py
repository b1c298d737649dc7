"""An update as tensors of raw elements, a chunk at a time, whatever codec it is written in."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.codecs import CodecError, Decoded, codec_in
from training.tensors import DTYPES, Tensor, TensorLayout, read_exactly, read_into

CHUNK_BYTES = 1 << 20


class Update(Protocol):
    """What an admission reads. ``layout`` names the tensors in the order in which they are read."""

    layout: TensorLayout

    def chunks(self, tensor: Tensor) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield (offset in the tensor, whole elements), in bytes; raises LayoutError, CodecError."""

    def sha256(self) -> str:
        """Return the hash of the whole file, once every tensor was read."""


class Plain:
    """An update as it was trained, read in the order of its bytes and hashed on the way."""

    def __init__(self, descriptor: int, layout: TensorLayout, chunk: int) -> None:
        self.layout = layout
        self._descriptor, self._chunk = descriptor, chunk
        self._sha256 = hashlib.sha256(read_exactly(descriptor, layout.data_start, 0))

    def chunks(self, tensor: Tensor) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """See Update."""
        for start in range(0, tensor.end - tensor.begin, self._chunk):
            size = min(self._chunk, tensor.end - tensor.begin - start)
            raw = bytes_at(self._descriptor, self.layout.data_start + tensor.begin + start, size)
            self._sha256.update(raw.data)
            yield start, raw

    def sha256(self) -> str:
        """See Update."""
        return self._sha256.hexdigest()


class Coded:
    """An update in another codec, read as the float32 that it stands for."""

    def __init__(self, descriptor: int, decoded: Decoded, base: TensorLayout, chunk: int) -> None:
        self._descriptor, self._decoded, self._chunk = descriptor, decoded, chunk
        expected, float32 = base.by_name, DTYPES["F32"]
        tensors = []
        for name, shape in decoded.shapes.items():
            known = expected.get(name)
            begin = known.begin if known is not None else 0
            tensor = Tensor(name, float32, shape, begin, begin)
            tensors.append(Tensor(name, float32, shape, begin, begin + tensor.elements * float32.itemsize))
        # Where the base has a tensor, there it would lie: a merge finds them by name.
        self.layout = TensorLayout(tuple(tensors), decoded.layout.metadata, 0, 0)

    def chunks(self, tensor: Tensor) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """See Update."""
        size = tensor.dtype.itemsize
        for start in range(0, tensor.end - tensor.begin, self._chunk):
            values = np.empty(min(self._chunk, tensor.end - tensor.begin - start) // size, "<f4")
            self._decoded.read(tensor.name, start // size, values)
            yield start, values.view(np.uint8)

    def sha256(self) -> str:
        """See Update."""
        return hash_of(self._descriptor)


@contextmanager
def opened(
    path: Path, base: TensorLayout, *, codec: str, max_header_bytes: int, chunk: int
) -> Iterator[Update]:
    """Open an update of ``base`` for as long as the block runs; ``chunk`` is in bytes, a multiple of 8.

    Raises:
        LayoutError: it is not safetensors. CodecError: it is not in ``codec``, or not what that writes.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        layout = TensorLayout.read(descriptor, max_header_bytes=max_header_bytes)
        if codec_in(layout) != codec:
            raise CodecError("codec-unknown", f"it is in {codec_in(layout)}, and {codec} was agreed")
        if codec == "fp32":
            yield Plain(descriptor, layout, chunk)
        else:
            yield Coded(descriptor, Decoded(descriptor, layout), base, chunk)
    finally:
        os.close(descriptor)


def bytes_at(descriptor: int, offset: int, size: int) -> NDArray[np.uint8]:
    """Return ``size`` bytes from ``offset``; raises LayoutError where the file ends before."""
    raw = np.empty(size, np.uint8)
    read_into(descriptor, raw.data, offset)
    return raw


def hash_of(descriptor: int) -> str:
    """Return the sha256 of a whole file, in hex."""
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
