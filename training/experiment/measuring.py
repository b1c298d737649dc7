"""Bits per byte of a model on the held-out paragraphs of each language, by the node's own evaluator."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from training.experiment.tasks import input_file
from training.node.learning.evaluator import measure
from training.node.learning.model import load, make_deterministic
from training.node.reading.corpus import read_held_out
from training.node.reading.tokenizing import Bytes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from training.experiment.plan import Plan

Figures = dict[str, float]
"""Bits per byte by language."""


class Measuring:
    """Holds the held-out paragraphs, which no training of the experiment reads.

    Attributes:
        sizes: bytes of held-out text by language.
    """

    def __init__(self, plan: Plan, texts: Path) -> None:
        make_deterministic(seed=0, threads=1)
        self._plan = plan
        self._architecture = plan.architecture.model_dump()
        self._texts = {
            language: list(read_held_out(input_file(texts, language), plan.held_out))
            for language in plan.members
        }
        self.sizes = {language: sum(len(t.encode()) for t in kept) for language, kept in self._texts.items()}

    def bits_per_byte(self, weights: Path, languages: Iterable[str]) -> Figures:
        """Measure one model; the file is a base's."""
        model = load(self._architecture, weights).eval()
        length, batch = self._plan.sequence_length, 8 * self._plan.batch_size
        return {
            language: measure(model, self._texts[language], Bytes(), length=length, batch=batch).bits_per_byte
            for language in languages
        }


def over(figures: Figures, languages: Iterable[str]) -> float:
    """Return the mean over some languages: each counts the same, however long its text."""
    return fmean(figures[language] for language in languages)
