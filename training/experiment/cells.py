"""The cells of the main table: one arm with one seed each, from initial weights to its last base."""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from training.experiment.merging import Chain
from training.merge import initial_weights

if TYPE_CHECKING:
    from pathlib import Path

    from training.experiment.coordinator import Coordinator
    from training.experiment.measuring import Measuring
    from training.experiment.plan import Arm, Plan

HONEST = "honest"
"""The folder of unchanged texts, under the folder of all texts."""


class Cells:
    """Runs arms on the nodes; each yields a document of JSON values."""

    def __init__(self, plan: Plan, coordinator: Coordinator, measuring: Measuring, folder: Path) -> None:
        self.plan, self.coordinator, self.measuring, self.folder = plan, coordinator, measuring, folder

    def run(self, arm: Arm, seed: int) -> dict[str, Any]:
        """Run one cell; its bases are gone afterwards, their hashes are in the document.

        Raises: as `Coordinator.train` and `Chain.move`.
        """
        folder = self.folder / f"{arm.name}-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        started = time.monotonic()
        ways = {
            "before": self._before,
            "pooled": self._pooled,
            "alone": self._alone,
            "rounds": self._rounds,
        }
        found = ways[arm.kind](arm, seed, folder)
        shutil.rmtree(folder, ignore_errors=True)
        seconds = round(time.monotonic() - started, 1)
        return {"arm": arm.name, "seed": seed, "seconds": seconds} | found

    def job(self, steps: int, seed: int, *languages: str, **settings: int) -> dict[str, Any]:
        """Return a task's fields for a training on these languages."""
        return {
            "languages": languages,
            "folder": HONEST,
            "architecture": self.plan.architecture.model_dump(),
            "held_out": self.plan.held_out,
            "training": self.plan.training(steps, seed=seed, **settings),
        }

    def start(self, seed: int) -> Path:
        """Return the base that everything with this seed begins with: trained on open texts, once."""
        kept = self.folder / f"start-{seed}.safetensors"
        if not kept.exists():
            folder = self.folder / "start"
            folder.mkdir(parents=True, exist_ok=True)
            initial = folder / "initial.safetensors"
            initial_weights(self.plan.architecture, seed, initial)
            chain = Chain(folder, initial)
            self._train_together(chain, self.plan.open_languages, self.plan.start_steps, seed * 10_000)
            chain.base.replace(kept)
            shutil.rmtree(folder)
        return kept

    def _rounds(self, arm: Arm, seed: int, folder: Path) -> dict[str, Any]:
        chain = Chain(folder, self.start(seed), arm.server)
        rounds = []
        for number in range(1, self.plan.steps // arm.period + 1):
            updates = self._train(chain, arm.period, seed, number)
            size, base = next(iter(updates.values())).stat().st_size, chain.base.stat().st_size
            merged = chain.move(updates)
            traffic = {
                language: asdict(node.traffic(update=size, base=base))
                for language, node in zip(self.plan.languages, self.coordinator.nodes, strict=True)
            }
            figures = self.measuring.bits_per_byte(chain.base, self.plan.languages)
            rounds.append({"base": merged.sha256, "traffic": traffic, "bits_per_byte": figures})
        return {"rounds": rounds, "bits_per_byte": rounds[-1]["bits_per_byte"]}

    def _train(self, chain: Chain, steps: int, seed: int, number: int) -> dict[str, Path]:
        jobs = [self.job(steps, _seed(seed, number), language) for language in self.plan.languages]
        out = {language: chain.folder / f"{language}.safetensors" for language in self.plan.languages}
        self.coordinator.train(jobs, chain.base, list(out.values()))
        return out

    def _before(self, _arm: Arm, seed: int, _folder: Path) -> dict[str, Any]:
        return {"bits_per_byte": self.measuring.bits_per_byte(self.start(seed), self.plan.languages)}

    def _pooled(self, arm: Arm, seed: int, folder: Path) -> dict[str, Any]:
        """All texts on one node: as many steps as each node does, of as many tokens as all do together."""
        chain = Chain(folder, self.start(seed))
        self._train_together(chain, self.plan.languages, arm.period, _seed(seed, 1))
        return {"bits_per_byte": self.measuring.bits_per_byte(chain.base, self.plan.languages)}

    def _train_together(self, chain: Chain, languages: tuple[str, ...], steps: int, seed: int) -> None:
        job = self.job(steps, seed, *languages, accumulation=len(languages))
        update = chain.folder / "together.safetensors"
        self.coordinator.train([job], chain.base, [update])
        chain.move({"together": update})
        self._forget_traffic()

    def _alone(self, _arm: Arm, seed: int, folder: Path) -> dict[str, Any]:
        """Each node by itself; its model is measured on all languages, its own figure is the cell's."""
        start = Chain(folder, self.start(seed))
        models = {}
        for language, update in self._train(start, self.plan.steps, seed, 1).items():
            own = Chain(folder / language, start.base)
            own.move({language: update})
            models[language] = self.measuring.bits_per_byte(own.base, self.plan.languages)
        self._forget_traffic()
        return {"models": models, "bits_per_byte": {name: found[name] for name, found in models.items()}}

    def _forget_traffic(self) -> None:
        """What went over the lines so far was no communication between members."""
        for node in self.coordinator.nodes:
            node.traffic(update=0, base=0)


def _seed(seed: int, number: int) -> int:
    """Return the seed of a round's trainings; the language makes the order of its texts another one."""
    return seed * 10_000 + number
