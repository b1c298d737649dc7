"""One tensor of an update measured against the base's, chunk by chunk."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.admission.findings import TensorMeasure
from training.tensors import Dtype, as_float64


@dataclass(slots=True)
class Running:
    """Sums over the chunks of one tensor, in float64; non-finite elements are counted and left out."""

    dtype: Dtype
    elements: int = 0
    squares: float = 0.0
    base_squares: float = 0.0
    largest: float = 0.0
    non_finite: int = 0
    overflowing: int = 0

    def add(self, raw: NDArray[np.uint8], base_raw: NDArray[np.uint8] | None) -> None:
        """Take in the next elements of the update and the same elements of the base, if it has them."""
        with np.errstate(over="ignore", invalid="ignore"):
            delta = self._finite(as_float64(self.dtype, raw))
            self.elements += delta.size
            self.squares += float(delta @ delta)
            self.largest = max(self.largest, float(np.abs(delta).max(initial=0.0)))
            if base_raw is not None:
                self._add_base(delta, as_float64(self.dtype, base_raw))

    def measure(self, rms_floor: float) -> TensorMeasure:
        """The norms so far; a base below `rms_floor` (root mean square) counts as if it had that."""
        norm, base_norm = math.sqrt(self.squares), math.sqrt(self.base_squares)
        floored = max(base_norm, rms_floor * math.sqrt(self.elements))
        return TensorMeasure(self.elements, norm, base_norm, norm / floored if floored else 0.0, self.largest)

    def _finite(self, delta: NDArray[np.float64]) -> NDArray[np.float64]:
        finite = np.isfinite(delta)
        if not finite.all():
            self.non_finite += int(delta.size - np.count_nonzero(finite))
            delta[~finite] = 0.0
        return delta

    def _add_base(self, delta: NDArray[np.float64], base: NDArray[np.float64]) -> None:
        base[~np.isfinite(base)] = 0.0  # an -inf mask is the base's own right, and stays as it is
        self.base_squares += float(base @ base)
        base += delta
        largest = self.dtype.largest or math.inf
        self.overflowing += int(np.count_nonzero(np.abs(base, out=base) > largest))
