"""The header of a safetensors file: bounded, then parsed as strict JSON."""

import json
import os
from typing import Any, NoReturn

from training.tensors.errors import LayoutError
from training.tensors.reading import read_exactly

LENGTH_BYTES = 8
MAX_HEADER_BYTES = 100_000_000
"""The limit of the reference reader; no real model needs a hundredth of it."""

_FOREIGN = {
    b"PK\x03\x04": "a zip archive, as torch.save writes it",
    b"\x80\x02": "a Python pickle",
    b"\x80\x03": "a Python pickle",
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"\x93NUMPY": "a numpy array file",
    b"\x89HDF": "an HDF5 file",
    b"GGUF": "a GGUF file",
}


def read_header(descriptor: int, file_bytes: int, max_bytes: int = MAX_HEADER_BYTES) -> bytes:
    """The JSON text of the header. Nothing is allocated before its length was checked against the file.

    Raises LayoutError: not-safetensors, truncated, header-too-large, header-not-json.
    """
    start = read_exactly(descriptor, min(LENGTH_BYTES, file_bytes), 0)
    for magic, kind in _FOREIGN.items():
        # A pickle's two bytes also begin a header of 0x280 to 0x580 bytes; the JSON brace tells them apart.
        if start.startswith(magic) and not _opens_json(descriptor, file_bytes):
            raise LayoutError("not-safetensors", f"this is {kind}; only safetensors is accepted")
    if file_bytes <= LENGTH_BYTES:
        raise LayoutError("truncated", f"{file_bytes} bytes cannot hold a header")
    length = int.from_bytes(start, "little")
    if length > max_bytes:
        raise LayoutError("header-too-large", f"{length} bytes, at most {max_bytes} are allowed")
    if length > file_bytes - LENGTH_BYTES:
        raise LayoutError("truncated", f"a header of {length} bytes in a file of {file_bytes}")
    text = read_exactly(descriptor, length, LENGTH_BYTES)
    if not text.startswith(b"{"):
        raise LayoutError("header-not-json", "the header does not begin with a JSON object")
    return text


def _opens_json(descriptor: int, file_bytes: int) -> bool:
    return file_bytes > LENGTH_BYTES and os.pread(descriptor, 1, LENGTH_BYTES) == b"{"


def parse_header(text: bytes) -> dict[str, Any]:
    """The header as a dict in its own order; raises LayoutError: header-not-json, duplicate-name."""
    try:
        parsed: dict[str, Any] = json.loads(
            text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_refuse
        )
    except LayoutError:
        raise
    except (ValueError, RecursionError) as error:  # also UnicodeDecodeError, and integers of absurd length
        raise LayoutError("header-not-json", str(error)[:200]) from error
    return parsed


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique: dict[str, Any] = {}
    for name, value in pairs:
        if name in unique:
            raise LayoutError("duplicate-name", f"{name[:200]!r} stands twice in one object")
        name.encode()  # a lone surrogate is valid JSON yet no text: ValueError
        unique[name] = value
    return unique


def _refuse(number: str) -> NoReturn:
    raise LayoutError("header-not-json", f"{number[:50]} is not a whole number")
