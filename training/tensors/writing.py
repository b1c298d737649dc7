"""Headers that depend on nothing but the tensors, so that equal tensors give equal files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from training.tensors.dtypes import DTYPES
from training.tensors.errors import LayoutError
from training.tensors.header import LENGTH_BYTES, MAX_HEADER_BYTES
from training.tensors.layout import Tensor, TensorLayout

_ALIGNMENT = 8
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """A tensor that is to be written: its name, the name of its type, its shape."""

    name: str
    dtype: str
    shape: tuple[int, ...]


def write_header(
    tensors: Iterable[TensorSpec], metadata: Mapping[str, str] = _NOTHING
) -> tuple[bytes, TensorLayout]:
    """The canonical header (length prefix included) of a file with these tensors, and where their bytes go.

    Wider types come first, so that every tensor is aligned; within one width the order is by name, and the
    metadata are sorted too. The header is padded with spaces to a multiple of 8 bytes.
    Raises LayoutError: duplicate-name, unknown-dtype, header-too-large.
    """
    placed = _place(tensors)
    header: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
    for tensor in placed:
        header[tensor.name] = {
            "dtype": tensor.dtype.name,
            "shape": list(tensor.shape),
            "data_offsets": [tensor.begin, tensor.end],
        }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    if len(text) > MAX_HEADER_BYTES:
        raise LayoutError("header-too-large", f"{len(text)} bytes, at most {MAX_HEADER_BYTES} are allowed")
    layout = TensorLayout(
        tuple(placed),
        MappingProxyType(dict(metadata)),
        LENGTH_BYTES + len(text),
        placed[-1].end if placed else 0,
    )
    return len(text).to_bytes(LENGTH_BYTES, "little") + text, layout


def _place(tensors: Iterable[TensorSpec]) -> list[Tensor]:
    unplaced: dict[str, Tensor] = {}
    for spec in tensors:
        if spec.dtype not in DTYPES:
            raise LayoutError("unknown-dtype", f"{spec.name!r} is {spec.dtype!r}")
        if spec.name in unplaced or spec.name == "__metadata__":
            raise LayoutError("duplicate-name", f"{spec.name!r} is taken")
        unplaced[spec.name] = Tensor(spec.name, DTYPES[spec.dtype], spec.shape, 0, 0)
    placed: list[Tensor] = []
    offset = 0
    for tensor in sorted(unplaced.values(), key=lambda tensor: (-tensor.dtype.itemsize, tensor.name)):
        end = offset + tensor.elements * tensor.dtype.itemsize
        placed.append(Tensor(tensor.name, tensor.dtype, tensor.shape, offset, end))
        offset = end
    return placed
