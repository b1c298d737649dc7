"""What the coordinator does with the aggregated update before it moves the base: an outer optimizer.

State is float32, one array or two as large as the model, and belongs to the base that it led to: replaying a
round begins with the parent's state. ``step`` gives what is added to the base and changes the state in place.
Updates point the way that training went, so steps are added, not subtracted.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

F32 = np.float32
Values = NDArray[np.float32]


class Server(Protocol):
    """An outer optimizer. ``arrays`` is how many arrays of state it keeps."""

    arrays: ClassVar[int]

    def step(self, update: Values, state: NDArray[np.float32]) -> Values:
        """Return the change of these elements of the base; ``state`` has shape (arrays, elements)."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The update itself."""

    arrays: ClassVar[int] = 0

    def step(self, update: Values, state: NDArray[np.float32]) -> Values:  # noqa: ARG002
        """See Server."""
        return update


@dataclass(frozen=True, slots=True)
class Nesterov:
    """SGD with Nesterov momentum: DiLoCo's outer optimizer (Douillard et al. 2023, arXiv:2311.08105)."""

    rate: float = 0.7
    momentum: float = 0.9
    arrays: ClassVar[int] = 1

    def step(self, update: Values, state: NDArray[np.float32]) -> Values:
        """See Server: v ← μ v + u, and the change is η (u + μ v)."""
        velocity = state[0]
        velocity *= F32(self.momentum)
        velocity += update
        change: Values = velocity * F32(self.momentum)
        change += update
        change *= F32(self.rate)
        return change


@dataclass(frozen=True, slots=True)
class Adaptive(ABC):
    """What server Adam and Yogi share (Reddi et al. 2020, arXiv:2003.00295, without bias correction)."""

    rate: float = 0.01
    first: float = 0.9
    second: float = 0.99
    adaptivity: float = 1e-3
    arrays: ClassVar[int] = 2

    def step(self, update: Values, state: NDArray[np.float32]) -> Values:
        """See Server: m ← β₁ m + (1 - β₁) u, v as the rule says, and the change is η m / (√v + τ)."""
        mean, spread = state
        mean *= F32(self.first)
        mean += F32(1 - self.first) * update
        self._spread(spread, update * update)
        change: Values = mean * F32(self.rate)
        change /= np.sqrt(spread) + F32(self.adaptivity)
        return change

    @abstractmethod
    def _spread(self, spread: Values, squares: Values) -> None:
        """Move v, in place, by the squares of the update."""


class Adam(Adaptive):
    """Server Adam: v ← β₂ v + (1 - β₂) u²."""

    def _spread(self, spread: Values, squares: Values) -> None:
        spread *= F32(self.second)
        spread += F32(1 - self.second) * squares


class Yogi(Adaptive):
    """Server Yogi: v ← v - (1 - β₂) u² sign(v - u²), which grows no faster than it shrinks."""

    def _spread(self, spread: Values, squares: Values) -> None:
        spread -= F32(1 - self.second) * squares * np.sign(spread - squares)
