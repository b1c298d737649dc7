"""Rules by which few values of each update count: the largest ones (TIES), or drawn ones (DARE)."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORDS = 8  # 32-bit words of one Philox block
_BINS = 1 << 16


class Magnitudes:
    """Finds the k-th largest magnitude of one update in two passes over its chunks, exactly.

    Magnitudes of finite float32 values are ordered as their bits are: the first pass counts the upper half of
    the bits, the second the lower half within the one bin that matters.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._upper = np.zeros(_BINS, np.int64)
        self._lower = np.zeros(_BINS, np.int64)
        self._bin = -1

    def count(self, values: NDArray[np.float32]) -> None:
        """First pass: take in the next chunk."""
        self._upper += np.bincount(_bits(values) >> 16, minlength=_BINS)

    def refine(self, values: NDArray[np.float32]) -> None:
        """Second pass: take in the next chunk, once all were counted."""
        if self._bin < 0:
            self._bin = _rank(self._upper, self._kept)
        bits = _bits(values)
        within = bits[bits >> 16 == self._bin]
        self._lower += np.bincount(within & (_BINS - 1), minlength=_BINS)

    @property
    def threshold(self) -> np.float32:
        """The magnitude of the k-th largest value: those at least as large are kept."""
        above = int(self._upper[self._bin + 1 :].sum())
        bits = np.uint32(self._bin << 16 | _rank(self._lower, self._kept - above))
        return np.float32(bits.view(np.float32))


def ties(deltas: NDArray[np.float32], thresholds: Sequence[np.float32]) -> NDArray[np.float32]:
    """Return for each coordinate the mean of the kept values that have the elected sign (Yadav et al. 2023).

    Kept are values at least as large as their update's threshold, and not zero. The sign is that of the sum
    of what is kept; where that is zero, or nothing is kept, the result is zero.
    """
    kept = [
        np.where(np.abs(delta) >= threshold, delta, np.float32(0))
        for delta, threshold in zip(deltas, thresholds, strict=True)
    ]
    elected = kept[0].copy()
    for values in kept[1:]:
        elected += values
    total, agreeing = np.zeros_like(elected), np.zeros_like(elected)
    for values in kept:
        agrees = values * np.sign(elected) > 0
        total += np.where(agrees, values, np.float32(0))
        agreeing += agrees
    return np.divide(total, agreeing, out=np.zeros_like(total), where=agreeing > 0)


def drawn(seed: int, digest: str, start: int, count: int, drop: float) -> NDArray[np.bool_]:
    """Return which of ``count`` elements from number ``start`` on are kept of the update with this digest.

    Philox counts its blocks, so any stretch can be drawn without those before it: chunks do not matter.
    """
    key = hashlib.sha256(f"{seed}/{digest}".encode()).digest()[:16]
    source = np.random.Philox(key=int.from_bytes(key, "little"))
    first = start // _WORDS
    source.advance(first)
    blocks = -(-(start + count) // _WORDS) - first
    words = source.random_raw(blocks * _WORDS // 2).astype("<u8", copy=False).view("<u4")
    return words[start - first * _WORDS :][:count] >= np.uint32(round(drop * 2**32))


def dare(delta: NDArray[np.float32], kept: NDArray[np.bool_], drop: float) -> NDArray[np.float32]:
    """Return the kept values, scaled by 1 / (1 - drop) so that their expectation stays (Yu et al. 2023)."""
    scaled: NDArray[np.float32] = delta * np.float32(1 / (1 - drop))
    return np.where(kept, scaled, np.float32(0))


def _bits(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    return values.view(np.uint32) & np.uint32(0x7FFFFFFF)


def _rank(counts: NDArray[np.int64], kept: int) -> int:
    """Return the largest bin in and above which at least ``kept`` values lie."""
    from_above = np.cumsum(counts[::-1])
    return len(counts) - 1 - int(np.searchsorted(from_above, kept))
