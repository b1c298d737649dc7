"""What the update does to the model: the candidate with and without it, on text held out of training.

Bits per byte; less is better. Means are weighted by bytes, over exactly those texts that one and the same job
measured with the base, without the update and with it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from catalog.datasets.models import DatasetVersion
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint, Evaluation
from training.contributions.models import Contribution

MIDDLE: Final = 100  # of the drawing's 200 units


class Cell(NamedTuple):
    """One text measured by one node with each model; ``without`` is None where no such merge was made."""

    version: int
    language: str
    node: int
    bytes: int
    base: float
    without: float | None
    candidate: float


def tone_of(value: float | None) -> str:
    """Return how a gain reads: better, worse, or the same to two digits."""
    if value is None or round(value, 2) == 0:
        return "quiet"
    return "good" if value > 0 else "attention"


def mark_of(value: float | None, most: float) -> int:
    """Return where a gain stands on a line of 200 units, zero in its middle and ``most`` at either end."""
    return MIDDLE + round(MIDDLE * (value or 0.0) / most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Mean bits per byte over some texts: in the round's base, in the merge without the update, and with it.

    ``nodes`` are the names of those that measured; ``own_word`` where that is the update's own node alone.
    ``most`` is the largest value, gain or loss, among the languages that it is drawn with.
    """

    base: float
    without: float | None
    candidate: float
    bytes: int
    nodes: tuple[str, ...]
    own_word: bool
    most: float = 1.0

    @property
    def value(self) -> float | None:
        """The leave-one-out value: by how much the update makes it better. Below zero it makes it worse."""
        return None if self.without is None else self.without - self.candidate

    @property
    def tone(self) -> str:
        """How it reads: see `tone_of`."""
        return tone_of(self.value)

    @property
    def mark(self) -> int:
        """Where it is drawn: see `mark_of`."""
        return mark_of(self.value, self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class InLanguage:
    """The figures of one language; ``own`` where the update was trained on text in it."""

    language: str
    own: bool
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Its own domain first, because there it has to help; then everything else, and all of it."""

    languages: tuple[InLanguage, ...]
    own: Measure | None
    elsewhere: Measure | None
    everywhere: Measure | None


def measures_of(contribution: Contribution, without: Checkpoint | None, actor: Actor) -> Measures:
    """Gather the figures that ``actor`` may read, in two queries; INV-6: of versions they may discover."""
    cells = _cells(contribution, without, actor)
    used = set(contribution.job.inputs.values_list("version", flat=True))
    own = {cell.language for cell in cells if cell.version in used}
    names = {cell.node: name for cell, name in cells.items()}
    by_language: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_language[cell.language].append(cell)
    node = contribution.job.node_id
    means = {tag: _mean(found, names, node) for tag, found in by_language.items()}
    most = max((abs(mean.value or 0.0) for mean in means.values()), default=0.0) or 1.0
    own_cells, others = ([cell for cell in cells if (cell.language in own) is told] for told in (True, False))
    return Measures(
        languages=tuple(
            InLanguage(language=tag, own=tag in own, measure=replace(means[tag], most=most))
            for tag in sorted(means, key=lambda tag: (tag not in own, tag))
        ),
        own=_mean_of(own_cells, names, node, most),
        elsewhere=_mean_of(others, names, node, most),
        everywhere=_mean_of(list(cells), names, node, most),
    )


def _cells(contribution: Contribution, without: Checkpoint | None, actor: Actor) -> dict[Cell, str]:
    """Return what was measured both in base and candidate, with the names of the nodes."""
    round_ = contribution.round
    wanted = {round_.base_id: "base", round_.candidate_id: "candidate"}
    if without is not None and without.pk not in wanted:
        wanted[without.pk] = "without"
    rows = Evaluation.objects.filter(
        job__round=round_,
        job__turn=0,
        checkpoint__in=[key for key in wanted if key is not None],
        version__in=DatasetVersion.objects.visible_to(actor),
        bytes__gt=0,
    ).order_by()
    found: dict[tuple[int, str, int, str, int], dict[str, float]] = defaultdict(dict)
    columns = ("version", "language", "job__node", "job__node__name", "bytes", "checkpoint", "bits_per_byte")
    for version, language, node, name, size, checkpoint, bits in rows.values_list(*columns):
        found[version, language, node, name, size][wanted[checkpoint]] = bits
    second = "base" if without is not None and without.pk == round_.base_id else "without"
    return {
        Cell(version, language, node, size, by["base"], by.get(second), by["candidate"]): name
        for (version, language, node, name, size), by in found.items()
        if {"base", "candidate"} <= set(by)
    }


def _mean_of(cells: list[Cell], names: Mapping[int, str], node: int, most: float) -> Measure | None:
    return replace(_mean(cells, names, node), most=most) if cells else None


def _mean(cells: list[Cell], names: Mapping[int, str], node: int) -> Measure:
    whole = [cell for cell in cells if cell.without is not None]
    compared = whole or cells
    size = sum(cell.bytes for cell in compared)
    nodes = {cell.node for cell in compared}
    return Measure(
        base=sum(cell.base * cell.bytes for cell in compared) / size,
        without=sum((cell.without or 0.0) * cell.bytes for cell in whole) / size if whole else None,
        candidate=sum(cell.candidate * cell.bytes for cell in compared) / size,
        bytes=size,
        nodes=tuple(sorted(names[key] for key in nodes)),
        own_word=nodes == {node},
    )
