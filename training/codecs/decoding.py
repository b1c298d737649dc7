"""Reading an update in any codec as float32, any stretch of any tensor."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.codecs.arithmetic import (
    BLOCK,
    F32,
    LEVELS,
    check_levels,
    check_scales,
    from_bf16,
    from_blocks,
    unpack,
)
from training.codecs.errors import CodecError
from training.codecs.files import CODEC_KEY, PAYLOADS, SCALES, Shape, shapes_in
from training.tensors import MAX_HEADER_BYTES, Tensor, TensorLayout, read_into

_PER_BYTE = 2  # values of four bits


class Decoded:
    """An open update. ``shapes`` are those of its tensors, by name; ``layout`` is the file's own."""

    def __init__(self, descriptor: int, layout: TensorLayout) -> None:
        self.layout = layout
        self.codec = codec_in(layout)
        self.shapes: Mapping[str, Shape] = shapes_in(layout, self.codec)
        self._descriptor = descriptor
        self._there = layout.by_name

    def read(self, name: str, start: int, out: NDArray[np.float32]) -> None:
        """Fill ``out`` (one dimension) with the elements of a tensor from number ``start`` on, row-major.

        Values may be non-finite where the codec can say that; the caller judges them.

        Raises:
            CodecError: ``payload-malformed``, ``scales-malformed``. LayoutError: the file shrank.
        """
        tensor = self._there[name]
        if not out.size:
            return
        if self.codec == "fp32":
            self._into(tensor, start, out)
        elif self.codec == "bf16":
            halves = np.empty(out.size, "<u2")
            self._into(tensor, start, halves)
            out[:] = from_bf16(halves)
        else:
            out[:] = self._blocks(tensor, start, out.size)

    def _blocks(self, tensor: Tensor, start: int, count: int) -> NDArray[np.float32]:
        levels = LEVELS[self.codec]
        q = self._quarters(tensor, start, count) if self.codec == "int4-block" else np.empty(count, np.int8)
        if self.codec == "int8-block":
            self._into(tensor, start, q)
        check_levels(q, levels, tensor.name)
        first = start // BLOCK
        scales = np.empty(-(-(start + count) // BLOCK) - first, F32)
        self._into(self._there[tensor.name + SCALES], first, scales)
        check_scales(scales, tensor.name)
        return from_blocks(q, scales, skip=start - first * BLOCK)

    def _quarters(self, tensor: Tensor, start: int, count: int) -> NDArray[np.int8]:
        first, last = start // _PER_BYTE, -(-(start + count) // _PER_BYTE)
        packed = np.empty(last - first, np.uint8)
        self._into(tensor, first, packed)
        q = unpack(packed)
        if (start + count) % _PER_BYTE and last == tensor.shape[0] and q[-1] != 0:
            raise CodecError("payload-malformed", f"{tensor.name[:200]!r} has a value behind its last one")
        return q[start - first * _PER_BYTE :][:count]

    def _into(self, tensor: Tensor, start: int, out: NDArray[Any]) -> None:
        offset = self.layout.data_start + tensor.begin + start * out.itemsize
        read_into(self._descriptor, out.data, offset)


@contextmanager
def opened(path: Path, *, max_header_bytes: int = MAX_HEADER_BYTES) -> Iterator[Decoded]:
    """Open an update for as long as the block runs; nothing but its header is read yet.

    Raises:
        LayoutError: it is not safetensors. CodecError: it is not what its codec writes. OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield Decoded(descriptor, TensorLayout.read(descriptor, max_header_bytes=max_header_bytes))
    finally:
        os.close(descriptor)


def codec_of(path: Path) -> str:
    """Return the codec of a file; raises what `codec_in` raises, and LayoutError if it is not safetensors."""
    return codec_in(TensorLayout.read(path))


def codec_in(layout: TensorLayout) -> str:
    """Return the codec that a header names; one that names none is fp32. Raises CodecError, codec-unknown."""
    codec = layout.metadata.get(CODEC_KEY, "fp32")
    if codec not in PAYLOADS:
        raise CodecError("codec-unknown", f"{codec[:50]!r} is none of {', '.join(PAYLOADS)}")
    return codec
