"""The mean rule: next base = base + mean of the accepted deltas, in float32, in one pass over the bytes."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import codecs
from training.codecs import CodecError, Decoded
from training.merge.errors import MergeError
from training.merge.output import HashedFile
from training.merge.streams import InOrderOf, Source, opened, side_by_side
from training.tensors import TensorLayout

CHUNK_BYTES = 1 << 18
"""Of each file at a time; eight of them and the sums stay in the second-level cache."""
_TILE = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What a merge wrote, and what it learned on the way.

    `gram[i, j]` is the dot product of deltas i and j over all elements, in float64 and in the order in which
    the deltas were given; norms, cosines and distances follow from it. `seconds` includes the sync to disk.
    """

    sha256: str
    bytes: int
    gram: NDArray[np.float64]
    seconds: float

    @property
    def norms(self) -> NDArray[np.float64]:
        """Euclidean norm of each delta."""
        return np.sqrt(self.gram.diagonal())

    @property
    def cosines(self) -> NDArray[np.float64]:
        """Cosine between each two deltas, 0 where one of them is zero."""
        scale = np.outer(self.norms, self.norms)
        return np.divide(self.gram, scale, out=np.zeros_like(self.gram), where=scale > 0)


def merge_mean(
    base: Path,
    deltas: Sequence[Path],
    out: Path,
    *,
    weights: Sequence[Fraction] | None = None,
    codec: str = "fp32",
    chunk_bytes: int = CHUNK_BYTES,
) -> Merged:
    """Write base + mean(deltas) to `out`, in memory of (deltas + 1) × `chunk_bytes`.

    The base is float32; the updates have its tensors, are all in `codec`, and are read as float32. Each
    element is ((d₀ + d₁ + …) / n) + base, with `weights` (w₀·d₀ + w₁·d₁ + …) + base; rounded to float32 at
    every step and added in the given order, so the bytes depend on neither chunk size, machine nor process:
    give the deltas, and their weights, in `merge_order` (INV-5). `out` has the base's header, byte for byte.

    Raises:
        MergeError: no-contributions, weights-mismatch, layout-mismatch, dtype-mismatch, codec-mismatch
            (another codec, or a file that its codec does not write), non-finite (in a delta; a base may hold
            an -inf mask), value-overflows-base-dtype.
        LayoutError: a file is not safetensors, or shrank while it was read.
        OSError: reading or writing failed. `out` is complete or untouched in every case.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        stack.enter_context(_codec_errors())
        parent = stack.enter_context(opened(base))
        _check_base(parent.layout)
        updates = [stack.enter_context(codecs.opened(path)) for path in deltas]
        _check_updates(parent.layout, updates, codec)
        factors = None if weights is None else _factors(weights, len(deltas))
        target = stack.enter_context(HashedFile(out))
        target.write(parent.header)
        gram = np.zeros((len(deltas), len(deltas)))
        sources: list[Source] = [parent, *(InOrderOf(update, parent.layout) for update in updates)]
        for rows in side_by_side(sources, parent.elements, chunk_bytes):
            _add_products(gram, rows[1:])
            _check_finite(gram)
            target.write(_next_base(rows, factors).data)
    return Merged(target.sha256, target.bytes, gram, time.perf_counter() - started)


def _check_base(base: TensorLayout) -> None:
    for tensor in base.tensors:
        if tensor.dtype.name != "F32":
            raise MergeError("dtype-mismatch", f"{tensor.name!r} is {tensor.dtype.name}, a base is float32")


def _check_updates(base: TensorLayout, updates: Sequence[Decoded], codec: str) -> None:
    """Raise MergeError unless there is at least one update, and all have the base's tensors in the codec."""
    if not updates:
        raise MergeError("no-contributions", "a mean needs at least one accepted contribution")
    shapes = {tensor.name: tensor.shape for tensor in base.tensors}
    for number, update in enumerate(updates, 1):
        if update.codec != codec:
            raise MergeError("codec-mismatch", f"contribution {number} is in {update.codec}, not in {codec}")
        # Elsewhere tensors are found by name; fp32 keeps the base's places, as it always did.
        same = update.layout.same_places(base) if codec == "fp32" else update.shapes == shapes
        if not same:
            raise MergeError("layout-mismatch", f"contribution {number} is not laid out like the base")


def _factors(weights: Sequence[Fraction], deltas: int) -> list[np.float32]:
    if len(weights) != deltas or sum(weights) != 1 or min(weights) <= 0:
        raise MergeError("weights-mismatch", "one positive weight for each contribution, one in all")
    return [np.float32(float(weight)) for weight in weights]


def _next_base(rows: NDArray[np.float32], factors: Sequence[np.float32] | None) -> NDArray[np.float32]:
    base, deltas = rows[0], rows[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        result = _mean(deltas) if factors is None else _weighted(deltas, factors)
        result += base
    finite = np.isfinite(result)
    if not finite.all() and (finite != np.isfinite(base)).any():
        raise MergeError("value-overflows-base-dtype", "base + mean is too large for float32")
    return result


def _mean(deltas: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = deltas[0].copy()
    for delta in deltas[1:]:
        result += delta
    result /= np.float32(len(deltas))
    return result


def _weighted(deltas: NDArray[np.float32], factors: Sequence[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = deltas[0] * factors[0]
    for delta, factor in zip(deltas[1:], factors[1:], strict=True):
        result += delta * factor
    return result


def _add_products(gram: NDArray[np.float64], deltas: NDArray[np.float32]) -> None:
    # In float64, because a sum of 10⁸ float32 squares is not; in tiles, so that the wide copy stays in cache.
    wide = np.empty((len(deltas), min(_TILE, deltas.shape[1])))
    for start in range(0, deltas.shape[1], _TILE):
        tile = deltas[:, start : start + _TILE]
        part = wide[:, : tile.shape[1]]
        np.copyto(part, tile)
        gram += part @ part.T


def _check_finite(gram: NDArray[np.float64]) -> None:
    # Squares of finite float32 cannot overflow float64: the diagonal is finite exactly if every element is.
    finite = np.isfinite(gram.diagonal())
    if not finite.all():
        number = int(np.argmin(finite)) + 1
        raise MergeError("non-finite", f"contribution {number} of {len(gram)} holds a NaN or an infinity")


@contextmanager
def _codec_errors() -> Iterator[None]:
    try:
        yield
    except CodecError as error:
        raise MergeError("codec-mismatch", str(error)) from error
