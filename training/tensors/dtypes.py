"""The element types of safetensors that fill whole bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Dtype:
    """One element type: bytes per element and, for real floating types, the largest finite value."""

    name: str
    itemsize: int
    largest: float | None = None

    @property
    def is_float(self) -> bool:
        """Whether values of the type can be read as float64 by `as_float64`."""
        return self.largest is not None


# Sub-byte types (F4, F6) have no element that starts on a byte, so a byte range says nothing about them.
DTYPES: Mapping[str, Dtype] = MappingProxyType(
    {
        dtype.name: dtype
        for dtype in (
            Dtype("BOOL", 1),
            Dtype("U8", 1),
            Dtype("I8", 1),
            Dtype("F8_E4M3", 1),
            Dtype("F8_E5M2", 1),
            Dtype("F8_E8M0", 1),
            Dtype("I16", 2),
            Dtype("U16", 2),
            Dtype("F16", 2, 65504.0),
            Dtype("BF16", 2, (2.0 - 2.0**-7) * 2.0**127),
            Dtype("I32", 4),
            Dtype("U32", 4),
            Dtype("F32", 4, (2.0 - 2.0**-23) * 2.0**127),
            Dtype("C64", 8),
            Dtype("F64", 8, (2.0 - 2.0**-52) * 2.0**1023),
            Dtype("I64", 8),
            Dtype("U64", 8),
        )
    }
)
_NUMPY = {"F16": "<f2", "F32": "<f4", "F64": "<f8"}


def as_float64(dtype: Dtype, raw: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The elements in `raw` (whole elements, little-endian) as float64, which holds each of them exactly.

    Raises KeyError for a type that is not a real floating one.
    """
    if dtype.name == "BF16":  # numpy has no bfloat16: it is the upper half of a float32
        return (raw.view("<u2").astype(np.uint32) << np.uint32(16)).view(np.float32).astype(np.float64)
    return raw.view(_NUMPY[dtype.name]).astype(np.float64)
