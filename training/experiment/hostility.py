"""The hostile part: one set of honest updates, and what becomes of it when some members are hostile."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

from training.experiment.attacks import ATTACKS, Scene, read_vector, write_vector
from training.experiment.cells import HONEST, Cells
from training.experiment.judging import Judging
from training.experiment.merging import Chain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from training.experiment.plan import Plan

SHUFFLED = "shuffled"
"""The folder of texts without sense, under the folder of all texts."""
_STALE_SEED, _POISONED_SEED = 500, 600


def shuffle_texts(texts: Path, languages: tuple[str, ...]) -> None:
    """Write each paragraph with its characters in an order by chance."""
    (texts / SHUFFLED).mkdir(exist_ok=True)
    for language in languages:
        source = random.Random(language)  # noqa: S311 - no secret
        lines = (texts / HONEST / f"{language}.txt").read_text("utf-8").splitlines()
        mixed = ("".join(source.sample(line, len(line))).strip() for line in lines)
        (texts / SHUFFLED / f"{language}.txt").write_text("\n".join(mixed) + "\n", "utf-8")


class Hostility:
    """Runs the hostile part with one seed."""

    def __init__(self, cells: Cells, seed: int, tell: Callable[[str], None]) -> None:
        self.cells, self.seed, self.tell = cells, seed, tell
        self.plan: Plan = cells.plan
        self.folder = cells.folder / f"hostile-{seed}"

    def run(self) -> dict[str, Any]:
        """Train what is needed, then judge every attack with every number of hostile members."""
        shutil.rmtree(self.folder, ignore_errors=True)
        guests = self.plan.hostile.guests
        chain = Chain(self.folder, self.cells.start(self.seed))
        older = chain.base
        for number in range(1, self.plan.hostile.rounds + 1):
            older = chain.base
            chain.move(self._train(self.plan.members, chain.base, number))
        honest = self._train(self.plan.members, chain.base, self.plan.hostile.rounds + 1)
        stale = self._train(guests, older, _STALE_SEED)
        poisoned = self._train(guests, chain.base, _POISONED_SEED, folder=SHUFFLED)
        document = {
            "seed": self.seed,
            "evidence": self._judging(chain.base, honest, frozenset()).evidence(),
            "honest": [self._no_attack(chain.base, honest, hostile) for hostile in self.plan.hostile.counts],
            "attacks": [
                self._attack(name, hostile, chain.base, (honest, stale, poisoned))
                for name in ATTACKS
                for hostile in self.plan.hostile.counts
            ],
        }
        shutil.rmtree(self.folder)
        return document

    def _train(
        self, members: tuple[str, ...], base: Path, number: int, folder: str = HONEST
    ) -> dict[str, Path]:
        self.tell(f"training {len(members)} updates")
        seed = self.seed * 10_000 + 1_000 + number
        steps = self.plan.hostile.period
        jobs = [self.cells.job(steps, seed, member) | {"folder": folder} for member in members]
        out = {member: self.folder / f"{number}-{member}.safetensors" for member in members}
        self.cells.coordinator.train(jobs, base, list(out.values()))
        return out

    def _no_attack(self, base: Path, updates: Mapping[str, Path], count: int) -> dict[str, Any]:
        """What each rule costs when it expects ``count`` hostile members and there is none."""
        self.tell(f"no attack, {count} expected")
        judging = self._judging(base, updates, frozenset(self.plan.members[-count:]))
        return {"hostile": count, "rules": judging.rules(), "without_hostile": judging.of_honest_alone()}

    def _attack(
        self, name: str, count: int, base: Path, trained: tuple[Mapping[str, Path], ...]
    ) -> dict[str, Any]:
        self.tell(f"{name}, {count} of {len(self.plan.members)}")
        honest, stale, poisoned = trained
        turned = self.plan.members[-count:]
        scene = Scene(
            honest=[read_vector(honest[member]) for member in self.plan.members[:-count]],
            own=[read_vector(honest[member]) for member in turned],
            stale=[read_vector(stale[member]) for member in turned],
            poisoned=[read_vector(poisoned[member]) for member in turned],
            seed=self.seed,
        )
        updates = dict(honest)
        for member, sent in zip(turned, ATTACKS[name](scene), strict=True):
            updates[member] = self.folder / f"hostile-{member}.safetensors"
            write_vector(sent, honest[member], updates[member])
        judging = self._judging(base, updates, frozenset(turned))
        return {
            "attack": name,
            "hostile": count,
            "members": list(turned),
            "findings": judging.findings(),
            "evidence": judging.evidence(),
            "rules": judging.rules(),
            "without_hostile": judging.of_honest_alone(),
        }

    def _judging(self, base: Path, updates: Mapping[str, Path], hostile: frozenset[str]) -> Judging:
        return Judging(base, updates, hostile, self.plan.languages, self.cells.measuring, self.folder)
