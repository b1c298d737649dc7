"""A sketch of the text of a file that lets two files be compared without either.

The set compared is that of all shingles (windows of 32 bytes within one record) that begin at an anchor: at 8
bytes whose hash starts with four zero bits, so that equal texts choose equal windows wherever they stand. The
sketch is a one-permutation MinHash: the shingle's hash chooses one of 128 bins, the least remainder in each
is kept, -1 where a bin stays empty (Li, Owen and Zhang, NIPS 2012). Our own because sketches are stored, and
no library promises that a later version hashes alike.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

BINS: Final = 128
WINDOW: Final = 32
ROWS: Final = 4
EMPTY: Final = -1
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_ANCHOR_SHIFT: Final = np.uint64(60)
_BIN_BITS: Final = np.uint64(7)
_NOTHING: Final = np.uint64(2**64 - 1)

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]


def shingles(lines: bytes, ends: Positions) -> tuple[Hashes, Positions]:
    """Return the shingles' hashes and the record each belongs to, in order.

    ``lines`` holds records, each ended by a newline; ``ends`` says where the newlines are.
    """
    if len(lines) < WINDOW:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    words = np.ndarray((len(lines) - 7,), dtype="<u8", buffer=lines, strides=(1,))
    anchors = np.flatnonzero((words * _ODD) >> _ANCHOR_SHIFT == 0)
    record = np.searchsorted(ends, anchors)
    inside = record < len(ends)
    anchors, record = anchors[inside], record[inside]
    inside = ends[record] >= anchors + WINDOW
    anchors, record = anchors[inside], record[inside]
    hashes = np.zeros(len(anchors), np.uint64)
    for offset in range(0, WINDOW, 8):
        hashes = (hashes ^ words[anchors + offset]) * _MIX
        hashes ^= hashes >> np.uint64(29)
    hashes *= _ODD
    return hashes ^ (hashes >> np.uint64(32)), record


class Sketcher:
    """Collects shingles; memory does not grow."""

    def __init__(self) -> None:
        self._least = np.full(BINS, _NOTHING, np.uint64)

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of shingles in."""
        if len(hashes):
            bins = (hashes & np.uint64(BINS - 1)).astype(np.intp)
            np.minimum.at(self._least, bins, hashes >> _BIN_BITS)

    def sketch(self) -> tuple[int, ...]:
        """Return 128 numbers, or nothing where no record was long enough for a shingle."""
        if (self._least == _NOTHING).all():
            return ()
        return tuple(EMPTY if value == _NOTHING else int(value) for value in self._least)


def merge(sketches: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the sketch of the texts of all ``sketches`` together."""
    kept = [sketch for sketch in sketches if sketch]
    columns = zip(*kept, strict=True)
    return tuple(min((value for value in column if value != EMPTY), default=EMPTY) for column in columns)


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimate the Jaccard similarity (0–1) of two sets of shingles; standard error at most 0.045.

    0 where either has no sketch: nothing is known then.
    """
    pairs = [pair for pair in zip(a, b, strict=bool(a and b)) if pair != (EMPTY, EMPTY)]
    return sum(x == y for x, y in pairs) / len(pairs) if pairs else 0.0


def bands(sketch: Sequence[int]) -> list[int]:
    """Return up to 32 signed 64-bit keys; two sketches with similarity s share one with 1 - (1 - s⁴)³².

    A band with an empty bin is left out, because empty bins agree by chance.
    """
    keys = []
    for start in range(0, len(sketch), ROWS):
        rows = sketch[start : start + ROWS]
        if EMPTY in rows:
            continue
        key = start
        for value in rows:
            key = ((key ^ value) * int(_MIX)) & (2**64 - 1)
            key ^= key >> 29
        keys.append(key - 2**64 if key >= 2**63 else key)
    return keys
