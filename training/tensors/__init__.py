"""Safetensors files as data: which bytes are which tensor, with no tensor ever loaded.

Source: the safetensors format (8 bytes little-endian header length, a JSON header, one contiguous buffer).
"""

from training.tensors.dtypes import DTYPES, Dtype, as_float64
from training.tensors.errors import LayoutError
from training.tensors.header import MAX_HEADER_BYTES
from training.tensors.layout import Tensor, TensorLayout
from training.tensors.reading import read_exactly, read_into
from training.tensors.writing import TensorSpec, write_header

__all__ = [
    "DTYPES",
    "MAX_HEADER_BYTES",
    "Dtype",
    "LayoutError",
    "Tensor",
    "TensorLayout",
    "TensorSpec",
    "as_float64",
    "read_exactly",
    "read_into",
    "write_header",
]
