"""Rules by which few values of each update count: the largest ones (TIES), or drawn ones (DARE)."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORDS = 8  # 32-bit words of one Philox block
_BINS = 1 << 16


def upper_counts(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Count the upper halves of the magnitudes' bits, and there is one count for each of 65536.

    Magnitudes of finite float32 values are ordered as their bits are, so the k-th largest is found exactly in
    two passes: this one, and one that counts the lower halves within the only bin that matters. Counts of
    several stretches of one update add up.
    """
    return np.bincount(_bits(values) >> 16, minlength=_BINS)


def bin_of(upper: NDArray[np.int64], kept: int) -> int:
    """Return the upper half of the magnitude of the ``kept``-th largest value."""
    return _rank(upper, kept)


def lower_counts(values: NDArray[np.float32], within: int) -> NDArray[np.int64]:
    """Count the lower halves of the magnitudes whose upper half is ``within``."""
    bits = _bits(values)
    return np.bincount(bits[bits >> 16 == within] & (_BINS - 1), minlength=_BINS)


def threshold(upper: NDArray[np.int64], lower: NDArray[np.int64], kept: int) -> np.float32:
    """Return the magnitude of the ``kept``-th largest value: those at least as large are kept."""
    place = bin_of(upper, kept)
    above = int(upper[place + 1 :].sum())
    bits = np.uint32(place << 16 | _rank(lower, kept - above))
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
