"""Writing an update in a codec, a chunk at a time."""

import hashlib
import math
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.codecs.arithmetic import F32, LEVELS, from_bf16, from_blocks, pack, to_bf16, to_blocks
from training.codecs.errors import CodecError
from training.codecs.files import PAYLOADS, SCALES, metadata_for, specs_for
from training.tensors import Tensor, TensorLayout, read_into, write_header

CHUNK: Final = 1 << 18
"""Elements at a time: whole blocks, and an even number of them."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded file: hash, size in bytes, and what the codec cost.

    ``error`` is the Frobenius norm of (decoded - update) over that of the update, in float64; 0.0 where both
    are zero.
    """

    sha256: str
    bytes: int
    error: float


def encode(delta: Path, out: Path, codec: str, *, chunk: int = CHUNK) -> Encoded:
    """Write the update in ``delta`` (safetensors, float32) to ``out``, which appears whole or not at all.

    The bytes depend on nothing but the update and the codec. Memory is some times ``chunk`` elements (a
    multiple of 256), whatever the size of the model.

    Raises:
        CodecError: ``codec-unknown``, ``dtype-mismatch``, ``name-taken``, ``non-finite``,
            ``value-too-large``.
        LayoutError: ``delta`` is not safetensors. OSError: reading or writing failed.
    """
    if codec not in PAYLOADS:
        raise CodecError("codec-unknown", f"{codec!r} is none of {', '.join(PAYLOADS)}")
    with ExitStack() as stack:
        source = os.open(delta, os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, source)
        layout = TensorLayout.read(source)
        for tensor in layout.tensors:
            if tensor.dtype.name != "F32":
                raise CodecError("dtype-mismatch", f"{tensor.name!r} is {tensor.dtype.name}, not F32")
        target = stack.enter_context(_appearing(out))
        if codec == "fp32":
            _copy(source, target)
            error = 0.0
        else:
            error = _Writer(source, layout, target, codec, chunk).run()
        sha256 = _hashed(target)
        return Encoded(sha256, os.fstat(target).st_size, error)


class _Writer:
    """Encodes tensor after tensor to the places that the header gives them."""

    def __init__(self, source: int, layout: TensorLayout, target: int, codec: str, chunk: int) -> None:
        self._source, self._layout, self._target = source, layout, target
        self._codec, self._chunk = codec, chunk
        specs = specs_for(layout.tensors, codec)
        self._header, self._places = write_header(specs, metadata_for(layout.tensors, codec))
        self._lost = self._whole = 0.0

    def run(self) -> float:
        """Write everything; return the relative error."""
        _write(self._target, self._header, 0)
        places = self._places.by_name
        for tensor in self._layout.tensors:
            payload, scales = places[tensor.name], places.get(tensor.name + SCALES)
            payload_at = self._places.data_start + payload.begin
            scales_at = self._places.data_start + scales.begin if scales else 0
            for values in self._values(tensor):
                coded, factors, decoded = self._coded(values, tensor.name)
                _write(self._target, coded.data, payload_at)
                _write(self._target, factors.data, scales_at)
                payload_at, scales_at = payload_at + coded.nbytes, scales_at + factors.nbytes
                self._measure(values, decoded)
        return math.sqrt(self._lost / self._whole) if self._whole else 0.0

    def _values(self, tensor: Tensor) -> Iterator[NDArray[np.float32]]:
        for start in range(0, tensor.elements, self._chunk):
            values = np.empty(min(self._chunk, tensor.elements - start), F32)
            offset = self._layout.data_start + tensor.begin + start * F32.itemsize
            read_into(self._source, values.data, offset)
            if not np.isfinite(values).all():
                raise CodecError("non-finite", f"{tensor.name!r} holds a NaN or an infinity")
            yield values

    def _coded(
        self, values: NDArray[np.float32], name: str
    ) -> tuple[NDArray[np.generic], NDArray[np.float32], NDArray[np.float32]]:
        """Return the payload, the scales, and what a reader will make of them."""
        coded: NDArray[np.generic]
        if self._codec == "bf16":
            coded = halves = to_bf16(values)
            scales, decoded = np.empty(0, F32), from_bf16(halves)
        else:
            q, scales = to_blocks(values, LEVELS[self._codec])
            decoded = from_blocks(q, scales, skip=0)
            coded = pack(q) if self._codec == "int4-block" else q
        if not np.isfinite(decoded).all():
            raise CodecError("value-too-large", f"{name!r} holds a value beyond the range of {self._codec}")
        return coded, scales, decoded

    def _measure(self, values: NDArray[np.float32], decoded: NDArray[np.float32]) -> None:
        exact = values.astype(np.float64)
        self._whole += float(exact @ exact)
        exact -= decoded
        self._lost += float(exact @ exact)


@contextmanager
def _appearing(out: Path) -> Iterator[int]:
    """Give a descriptor to write; what was written is at ``out`` after the block, on the disk, or nowhere."""
    partial = out.with_name(f".{out.name}.{secrets.token_hex(8)}.partial")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
        partial.replace(out)
    finally:
        os.close(descriptor)
        partial.unlink(missing_ok=True)


def _copy(source: int, target: int) -> None:
    offset = 0
    while chunk := os.pread(source, CHUNK * F32.itemsize, offset):
        _write(target, chunk, offset)
        offset += len(chunk)


def _write(descriptor: int, data: bytes | memoryview, offset: int) -> None:
    rest = memoryview(data).cast("B") if len(data) else memoryview(b"")
    while rest:
        count = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[count:], offset + count


def _hashed(descriptor: int) -> str:
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
