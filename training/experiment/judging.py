"""What admission, review evidence and each rule say of one set of contributions, some of them hostile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.admission import admit
from training.experiment.measuring import Measuring, over
from training.experiment.merging import key_of
from training.experiment.rules import RULES
from training.merge import Merged, MergeError, merge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass
class Judging:
    """Contributions to one base, judged in a scratch folder.

    Attributes:
        updates: by member (the language). hostile: which of them are. yardstick: the languages, all of
            honest members, whose bits per byte count.
    """

    base: Path
    updates: Mapping[str, Path]
    hostile: frozenset[str]
    yardstick: tuple[str, ...]
    measuring: Measuring
    folder: Path

    def __post_init__(self) -> None:
        self._keys = {member: key_of(member, update) for member, update in self.updates.items()}

    def findings(self) -> dict[str, list[str]]:
        """Return the codes that admission finds, each once, by member."""
        return {
            member: sorted({finding.code for finding in admit(self.base, update).findings})
            for member, update in self.updates.items()
        }

    def evidence(self) -> dict[str, dict[str, float | None]]:
        """Return by member what a reviewer sees beside the mean; None where a merge is refused.

        norm: as a multiple of the median one. cosine: the mean to all others. signs: share of coordinates
        with the aggregate's sign. retained: how much of it lies in the aggregate. own: bits per byte on the
        contributor's own language without it, less those with it; above zero it helped.
        """
        merged = self._merge("mean", {}, set(self.updates))
        if isinstance(merged, str):
            return {member: {} for member in self.updates}
        with_all = self.measuring.bits_per_byte(self._out, self.updates)
        found: dict[str, dict[str, float | None]] = {}
        order = sorted(self._keys, key=lambda member: self._keys[member])
        middle = float(np.median(merged.norms))
        for place, member in enumerate(order):
            others = np.delete(merged.cosines[place], place)
            found[member] = {
                "norm": float(merged.norms[place]) / middle,
                "cosine": float(others.mean()),
                "signs": float(merged.sign_agreement[place]),
                "retained": float(merged.retained[place]),
                "own": self._without(member) - with_all[member],
            }
        return {member: found[member] for member in self.updates}

    def rules(self) -> dict[str, dict[str, Any]]:
        """Return by rule the bits per byte over the yardstick, or why there are none.

        ``hostile_share`` is the sum of the hostile coefficients, for rules that have any.
        """
        return {name: self._rule(name) for name in RULES}

    def of_honest_alone(self) -> float:
        """Return the bits per byte of the mean without the hostile ones: as if they had stayed away."""
        self._merge("mean", {}, set(self.updates) - self.hostile)
        return over(self.measuring.bits_per_byte(self._out, self.yardstick), self.yardstick)

    @property
    def _out(self) -> Path:
        return self.folder / "candidate.safetensors"

    def _merge(self, rule: str, parameters: dict[str, Any], members: set[str]) -> Merged | str:
        """Merge some; return the code where that is refused."""
        updates = {self._keys[member]: self.updates[member] for member in members}
        try:
            return merge(self.base, updates, self._out, rule=rule, parameters=parameters)
        except MergeError as error:
            return error.code

    def _without(self, member: str) -> float:
        self._merge("mean", {}, set(self.updates) - {member})
        return self.measuring.bits_per_byte(self._out, [member])[member]

    def _rule(self, name: str) -> dict[str, Any]:
        parameters = RULES[name](len(self.updates), len(self.hostile))
        if parameters is None:
            return {"bits_per_byte": None, "refused": "too-few-updates"}
        merged = self._merge(name, parameters, set(self.updates))
        if isinstance(merged, str):
            return {"bits_per_byte": None, "refused": merged}
        figure = over(self.measuring.bits_per_byte(self._out, self.yardstick), self.yardstick)
        if not math.isfinite(figure):
            return {"bits_per_byte": None, "refused": "model-not-finite"}
        found: dict[str, Any] = {"bits_per_byte": figure}
        if merged.coefficients is not None:
            share = sum(merged.coefficients[self._keys[member]] for member in self.hostile)
            found["hostile_share"] = float(share)
        return found
