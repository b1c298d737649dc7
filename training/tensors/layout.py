"""Which bytes of a safetensors file are which tensor."""

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from training.tensors.dtypes import DTYPES, Dtype
from training.tensors.errors import LayoutError
from training.tensors.header import LENGTH_BYTES, MAX_HEADER_BYTES, parse_header, read_header

_METADATA = "__metadata__"
_KEYS = {"dtype", "shape", "data_offsets"}
_MAX_SIZE = 2**63 - 1
_MAX_RANK = 64  # numpy's limit; it also bounds the work of multiplying a hostile shape


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its bytes are `[begin, end)` of the data that follow the header."""

    name: str
    dtype: Dtype
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def elements(self) -> int:
        """Number of elements: 1 for a scalar, 0 for an empty tensor."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class TensorLayout:
    """A checked header: `tensors` in the order of their bytes, without gap or overlap.

    `data_start` and `data_bytes` are where the data lie in the file, in bytes.
    """

    tensors: tuple[Tensor, ...]
    metadata: Mapping[str, str]
    data_start: int
    data_bytes: int

    @classmethod
    def read(cls, source: Path | int, *, max_header_bytes: int = MAX_HEADER_BYTES) -> "TensorLayout":
        """The layout of the file at a path or behind an open descriptor; only the header is read.

        Raises LayoutError for whatever the safetensors format does not allow, OSError if it cannot be read.
        """
        with _descriptor(source) as descriptor:
            file_bytes = os.fstat(descriptor).st_size
            text = read_header(descriptor, file_bytes, max_header_bytes)
        header = parse_header(text)
        metadata = _metadata(header.pop(_METADATA, {}))
        tensors = sorted(
            (_tensor(name, entry) for name, entry in header.items()),
            key=lambda tensor: (tensor.begin, tensor.end),
        )
        data_start = LENGTH_BYTES + len(text)
        _check_contiguous(tensors, file_bytes - data_start)
        return cls(tuple(tensors), metadata, data_start, file_bytes - data_start)

    @property
    def by_name(self) -> dict[str, Tensor]:
        """The tensors by name."""
        return {tensor.name: tensor for tensor in self.tensors}

    def same_places(self, other: "TensorLayout") -> bool:
        """Whether both hold the same tensors at the same offsets, so that their bytes can be paired."""
        return sorted(self.tensors, key=_by_name) == sorted(other.tensors, key=_by_name)


def _by_name(tensor: Tensor) -> str:
    return tensor.name


@contextmanager
def _descriptor(source: Path | int) -> Iterator[int]:
    if isinstance(source, int):
        yield source
        return
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _metadata(entry: Any) -> Mapping[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise LayoutError("bad-entry", f"{_METADATA} maps names to strings")
    return MappingProxyType(entry)


def _tensor(name: str, entry: Any) -> Tensor:
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise LayoutError("bad-entry", f"{name[:200]!r} needs exactly {sorted(_KEYS)}")
    dtype = DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        raise LayoutError("unknown-dtype", f"{name[:200]!r} is {str(entry['dtype'])[:50]!r}")
    shape = _sizes(name, "shape", entry["shape"])
    offsets = _sizes(name, "data_offsets", entry["data_offsets"])
    if len(offsets) != 2:  # noqa: PLR2004 - begin and end
        raise LayoutError("bad-entry", f"data_offsets of {name[:200]!r} are not a begin and an end")
    tensor = Tensor(name, dtype, shape, offsets[0], offsets[1])
    needed = tensor.elements * dtype.itemsize
    if tensor.end - tensor.begin != needed:
        # Not the number itself: the product of a hostile shape may have thousands of digits.
        raise LayoutError("size-mismatch", f"{name[:200]!r} does not fill {tensor.end - tensor.begin} bytes")
    return tensor


def _sizes(name: str, field: str, entry: Any) -> tuple[int, ...]:
    # bool is an int to Python, yet `true` is no size.
    if (
        not isinstance(entry, list)
        or len(entry) > _MAX_RANK
        or not all(type(size) is int and 0 <= size <= _MAX_SIZE for size in entry)
    ):
        raise LayoutError("bad-entry", f"{field} of {name[:200]!r} is not a list of sizes")
    return tuple(entry)


def _check_contiguous(tensors: list[Tensor], data_bytes: int) -> None:
    end = 0
    for tensor in tensors:
        if tensor.begin < end:
            raise LayoutError("overlap", f"{tensor.name[:200]!r} begins at {tensor.begin}, before {end}")
        if tensor.begin > end:
            raise LayoutError("gap", f"bytes {end} to {tensor.begin} belong to no tensor")
        end = tensor.end
    if end > data_bytes:
        raise LayoutError("truncated", f"the tensors need {end} bytes of data, the file has {data_bytes}")
    if end < data_bytes:
        raise LayoutError("size-mismatch", f"{data_bytes - end} bytes follow the last tensor")
