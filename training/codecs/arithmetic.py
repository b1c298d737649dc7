"""The rules by which float32 becomes fewer bits, and back: exact IEEE 754 at every step."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.codecs.errors import CodecError

F32 = np.dtype("<f4")
BLOCK: Final = 256
LEVELS: Final = {"int8-block": 127, "int4-block": 7}
"""Largest q of each; the smallest is its negative, so that zero is exact and signs are treated alike."""
_ZERO: Final = 8  # what q = 0 is in four bits


def to_bf16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Return the upper halves, rounded to nearest, ties to even. The values are finite."""
    bits = values.view("<u4")
    rounded = bits + (np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1)))
    halves: NDArray[np.uint16] = (rounded >> np.uint32(16)).astype("<u2")
    return halves


def from_bf16(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the float32 of which these are the upper halves; exact."""
    return (halves.astype("<u4") << np.uint32(16)).view(F32)


def to_blocks(values: NDArray[np.float32], levels: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return (q, scales) of whole blocks, the last of which may be shorter. The values are finite."""
    count = -(-values.size // BLOCK)
    padded = np.zeros((count, BLOCK), F32)
    padded.reshape(-1)[: values.size] = values
    scales = np.abs(padded).max(axis=1) / np.float32(levels)
    divisors = np.where(scales > 0, scales, np.float32(np.inf))
    # A scale among the smallest numbers is so coarse that a quotient can pass the last level.
    q = np.clip(np.rint(padded / divisors[:, None]), -levels, levels).astype(np.int8)
    return q.reshape(-1)[: values.size], scales


def from_blocks(q: NDArray[np.int8], scales: NDArray[np.float32], *, skip: int) -> NDArray[np.float32]:
    """Return float32(q) · s; the first element is number ``skip`` of the first scale's block.

    A hostile scale makes infinities, which every reader of updates refuses in whatever codec they come.
    """
    with np.errstate(over="ignore"):
        values: NDArray[np.float32] = q.astype(F32)
        values *= np.repeat(scales, BLOCK)[skip : skip + q.size]
    return values


def pack(q: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Return two values of four bits a byte, the first in the lower half; beside an odd last one a zero."""
    nibbles = np.full(q.size + q.size % 2, _ZERO, np.uint8)
    nibbles[: q.size] = q + _ZERO
    return nibbles[0::2] | (nibbles[1::2] << np.uint8(4))


def unpack(packed: NDArray[np.uint8]) -> NDArray[np.int8]:
    """Return the values of four bits, two for each byte; -8 among them is none that `pack` writes."""
    q = np.empty(packed.size * 2, np.int8)
    q[0::2] = (packed & np.uint8(15)).view(np.int8)
    q[1::2] = (packed >> np.uint8(4)).view(np.int8)
    q -= _ZERO
    return q


def check_scales(scales: NDArray[np.float32], name: str) -> None:
    """Raise CodecError unless every scale is finite and not negative."""
    if not (np.isfinite(scales).all() and (scales >= 0).all()):
        raise CodecError("scales-malformed", f"{name[:200]!r} has a scale that is no positive number")


def check_levels(q: NDArray[np.int8], levels: int, name: str) -> None:
    """Raise CodecError unless every value lies between the levels."""
    if q.size and (int(q.min()) < -levels or int(q.max()) > levels):
        raise CodecError("payload-malformed", f"{name[:200]!r} has a value that no encoder writes")
