"""What hostile members send instead of their honest update: pure functions of numbers.

Updates are vectors, float32, shape (elements,), in the order of the file's bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.tensors import TensorLayout

Vector = NDArray[np.float32]

TIMES: Final = 50


@dataclass(frozen=True, slots=True)
class Scene:
    """What the hostile members know: everything (Baruch et al. call them omniscient).

    Attributes:
        honest: updates of the honest members. own: the honest updates of those who turn hostile.
        stale: theirs on an older base. poisoned: theirs on texts whose characters were shuffled.
    """

    honest: Sequence[Vector]
    own: Sequence[Vector]
    stale: Sequence[Vector]
    poisoned: Sequence[Vector]
    seed: int


def sign_flip(scene: Scene) -> list[Vector]:
    """Send the opposite of what was learned."""
    return [-own for own in scene.own]


def scaling(scene: Scene) -> list[Vector]:
    """Send ``TIMES`` times what was learned: model replacement (Bagdasaryan et al., arXiv:1807.00459)."""
    return [own * np.float32(TIMES) for own in scene.own]


def gaussian(scene: Scene) -> list[Vector]:
    """Send noise of the same norm as what was learned, so that no norm tells."""
    random = np.random.default_rng(scene.seed)
    noises = [random.standard_normal(own.size, np.float32) for own in scene.own]
    return [
        noise * np.float32(np.linalg.norm(own) / np.linalg.norm(noise))
        for noise, own in zip(noises, scene.own, strict=True)
    ]


def not_a_number(scene: Scene) -> list[Vector]:
    """Send what was learned with one NaN in the middle: enough to make every mean NaN there."""
    found = [own.copy() for own in scene.own]
    for update in found:
        update[update.size // 2] = np.nan
    return found


def little_is_enough(scene: Scene) -> list[Vector]:
    """Send, all of them, μ - z σ of the honest updates' coordinates (ALIE: Baruch et al., arXiv:1902.06156).

    z is the largest at which enough honest updates lie farther out than the hostile ones, which so look like
    members of the crowd; see `largest_shift`.
    """
    honest = np.stack(scene.honest).astype(np.float64)
    shift = largest_shift(len(scene.honest) + len(scene.own), len(scene.own))
    sent = (honest.mean(axis=0) - shift * honest.std(axis=0)).astype(np.float32)
    return [sent.copy() for _ in scene.own]


def largest_shift(count: int, hostile: int) -> float:
    """Return z of ALIE's algorithm 3: Φ(z) = (n - f - s) / (n - f), with s = ⌊n / 2 + 1⌋ - f supporters.

    Never below zero: with too few hostile members there is no room, and they send the mean.
    """
    supporters = count // 2 + 1 - hostile
    share = (count - hostile - supporters) / (count - hostile)
    return max(0.0, NormalDist().inv_cdf(share)) if 0 < share < 1 else 0.0


def stale(scene: Scene) -> list[Vector]:
    """Send what was learned from an older base."""
    return list(scene.stale)


def poisoned(scene: Scene) -> list[Vector]:
    """Send what was learned, honestly, from texts whose characters were shuffled."""
    return list(scene.poisoned)


ATTACKS: Final[Mapping[str, Callable[[Scene], list[Vector]]]] = {
    "sign flip": sign_flip,
    f"scaling × {TIMES}": scaling,
    "Gaussian noise": gaussian,
    "NaN": not_a_number,
    "ALIE": little_is_enough,
    "stale base": stale,
    "shuffled text": poisoned,
}


def read_vector(update: Path) -> Vector:
    """Return all elements of an update; raises LayoutError, OSError."""
    layout = TensorLayout.read(update)
    return np.fromfile(update, np.float32, offset=layout.data_start)


def write_vector(values: Vector, like: Path, out: Path) -> None:
    """Write elements as an update with another one's names and shapes."""
    start = TensorLayout.read(like).data_start
    with like.open("rb") as template, out.open("wb") as file:
        file.write(template.read(start))
        file.write(values.astype("<f4").data)
