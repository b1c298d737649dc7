"""Our ways to merge, and what they can not be faster than; each runs in a process of its own."""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.merging.files import WEIGHTS, ZERO
from training.merge import merge
from training.merge.inputs import opened_inputs
from training.merge.merging import run
from training.merge.plan import plan_merge

Way = Callable[[Path, Mapping[str, Path], Path], object]


def read(base: Path, updates: Mapping[str, Path], _out: Path) -> None:
    """The floor: nothing is done with what is read."""
    buffer = bytearray(1 << 20)
    for path in (base, *updates.values()):
        with path.open("rb", buffering=0) as file:
            while file.readinto(buffer):
                pass


def write(base: Path, _updates: Mapping[str, Path], out: Path) -> None:
    """A file of the base's size, hashed and brought to the disk: what every merge does besides."""
    sha256, buffer = hashlib.sha256(), bytes(1 << 18)
    with out.open("wb", buffering=0) as file:
        for _ in range(base.stat().st_size // len(buffer)):
            sha256.update(buffer)
            file.write(buffer)
        os.fsync(file.fileno())


def bare_mean(base: Path, updates: Mapping[str, Path], out: Path) -> None:
    """Without evidence, hash and sync: what whole arrays in memory are to be held against."""
    with opened_inputs(plan_merge(base, updates)) as inputs, out.open("wb", buffering=0) as file:
        run(inputs, file.write, None, evidence=False)


def mean_of_zero(base: Path, updates: Mapping[str, Path], out: Path) -> None:
    """The mean itself, added to zeros: what others call linear."""
    merge(base.parent.parent / ZERO / WEIGHTS, updates, out, evidence=False)


def _by(rule: str, *, evidence: bool = False, **parameters: Any) -> Way:
    def way(base: Path, updates: Mapping[str, Path], out: Path) -> None:
        merge(base, updates, out, rule=rule, parameters=parameters, evidence=evidence)

    return way


WAYS: Mapping[str, Way] = {
    "read": read,
    "write": write,
    "bare mean": bare_mean,
    "mean": _by("mean"),
    "mean with evidence": _by("mean", evidence=True),
    "coordinate-median": _by("coordinate-median"),
    "ties": _by("ties", density="1/5"),
    "multi-krum": _by("multi-krum", hostile=1, chosen=5),
    "mean of zero": mean_of_zero,
}
