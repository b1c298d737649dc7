"""All cells of the experiment, each kept as a file, so that an interrupted run goes on."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from training.experiment.cells import HONEST, Cells
from training.experiment.coordinator import running
from training.experiment.hostility import Hostility, shuffle_texts
from training.experiment.measuring import Measuring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from training.experiment.plan import Arm, Plan

DIGITS = 6
JUDGEMENT_STEPS = 150
"""About how many training steps one judgement (merges and evaluations) takes; for the time that is left."""


@dataclass
class Progress:
    """Says what is done and how long the rest will take."""

    steps: int
    started: float = field(default_factory=time.monotonic)
    done: int = 0

    def tell(self, what: str) -> None:
        """Write one line."""
        passed = time.monotonic() - self.started
        left = (
            f", about {passed / self.done * (self.steps - self.done) / 60:.0f} min left" if self.done else ""
        )
        print(f"[{passed:6.0f} s, {self.done / self.steps:4.0%}{left}] {what}", flush=True)  # noqa: T201


@dataclass
class Study:
    """A plan with its seeds, under a folder that the plan's digest names."""

    plan: Plan
    seeds: Sequence[int]
    corpora: Path
    folder: Path

    def run(self) -> dict[str, Any]:
        """Run every cell that is not there yet; return all of them, and the sizes of the held-out texts."""
        self.folder.mkdir(parents=True, exist_ok=True)
        texts = self._texts()
        measuring = Measuring(self.plan, texts / HONEST)
        missing = [cell for cell in self._cells() if not cell[0].exists()]
        if missing:
            with running(len(self.plan.languages), self.folder / "nodes", texts) as coordinator:
                namespace = coordinator.nodes[0].network.namespace
                self._keep(self.folder / "lines.json", {"namespaces": bool(namespace)})
                self._run(missing, Cells(self.plan, coordinator, measuring, self.folder / "work"))
        return {
            "held_out_bytes": measuring.sizes,
            "own_namespaces": _read(self.folder / "lines.json")["namespaces"],
            "cells": [_read(path) for path, arm, _ in self._cells() if arm],
            "hostile": [_read(path) for path, arm, _ in self._cells() if arm is None],
        }

    def _run(self, missing: Sequence[tuple[Path, Arm | None, int]], cells: Cells) -> None:
        progress = Progress(sum(self._steps(arm) for _, arm, _ in missing))
        for path, arm, seed in missing:
            progress.tell(f"{arm.name if arm else 'hostile members'}, seed {seed}")
            document = cells.run(arm, seed) if arm else Hostility(cells, seed, progress.tell).run()
            self._keep(path, document)
            progress.done += self._steps(arm)
        progress.tell("done")

    def _cells(self) -> Iterator[tuple[Path, Arm | None, int]]:
        """Give file, arm and seed of each; no arm is the hostile part."""
        for seed in self.seeds:
            for arm in self.plan.arms():
                yield self.folder / f"{arm.name}-{seed}.json", arm, seed
            yield self.folder / f"hostile-{seed}.json", None, seed

    def _steps(self, arm: Arm | None) -> int:
        if arm:
            return (self.plan.steps if arm.period else self.plan.start_steps) * len(self.plan.languages)
        hostile = self.plan.hostile
        trained = len(self.plan.members) * (hostile.rounds + 1) + 2 * len(hostile.guests)
        return trained * hostile.period + 8 * len(hostile.counts) * JUDGEMENT_STEPS

    def _texts(self) -> Path:
        """Put the texts where the nodes read them: as they are, and the shuffled ones beside them."""
        texts = self.folder / "texts"
        (texts / HONEST).mkdir(parents=True, exist_ok=True)
        for language in self.plan.all_languages:
            shutil.copyfile(self.corpora / f"{language}.txt", texts / HONEST / f"{language}.txt")
        shuffle_texts(texts, self.plan.hostile.guests)
        return texts

    @staticmethod
    def _keep(path: Path, document: dict[str, Any]) -> None:
        """Write a document whole or not at all."""
        unfinished = path.with_name(f".{path.name}")
        unfinished.write_text(json.dumps(_rounded(document)), encoding="utf-8")
        unfinished.replace(path)


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value
