"""Bits per byte per language: a base against its parent, on the same held-out text, by the same jobs."""

from dataclasses import dataclass
from typing import Final

from django.db.models import F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from catalog.datasets.models import DatasetVersion
from catalog.design.languages import autonym
from provenance.actors import Actor
from training.checkpoints.models import Checkpoint, Evaluation
from training.rounds.models import Round

SCALE: Final = 200  # units of the drawing's width
MOST_LINES: Final = 5  # languages in one chart: more lines than dyes nobody tells apart


@dataclass(frozen=True, slots=True)
class Row:
    """One language, in bits per byte; ``bytes`` is how much held-out text the figures rest on."""

    language: str
    before: float
    after: float
    bytes: int
    top: float

    @property
    def change(self) -> float:
        """Less is better, so below zero is an improvement."""
        return self.after - self.before

    @property
    def change_text(self) -> str:
        """The change with its sign, in the reader's figures."""
        sign = "−" if self.change < 0 else "+"
        digits = number_format(abs(self.change), decimal_pos=2)
        return digits if float(f"{self.change:.2f}") == 0 else f"{sign}{digits}"

    @property
    def improved(self) -> bool:
        """Whether the base needs fewer bits than its parent."""
        return self.after < self.before

    @property
    def ends(self) -> tuple[int, int]:
        """Where the parent and the base stand on a line of `SCALE` units that begins at zero."""
        return round(SCALE * self.before / self.top), round(SCALE * self.after / self.top)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All languages in which both were measured, most improved first."""

    rows: tuple[Row, ...]

    @property
    def sentence(self) -> str:
        """The answer in words."""
        if not self.rows:
            return gettext("No figures yet: no node has measured it against its parent.")
        better = sum(row.improved for row in self.rows)
        text = ngettext(
            "%(better)s of %(n)s language improved on its parent, on text that nobody trained on.",
            "%(better)s of %(n)s languages improved on its parent, on text that nobody trained on.",
            len(self.rows),
        )
        return text % {"better": better, "n": len(self.rows)}


@dataclass(frozen=True, slots=True)
class Course:
    """The bases of a family up to one of them: columns and rows as the chart's table takes them."""

    columns: list[str]
    rows: list[list[float | None]]


def compare_with_parent(checkpoint: Checkpoint, actor: Actor) -> Comparison:
    """Compare a base with its parent within the round that made it."""
    round_ = Round.objects.filter(result=checkpoint).first()
    return compare_in(round_, checkpoint, actor) if round_ else Comparison(())


def compare_in(round_: Round, checkpoint: Checkpoint, actor: Actor) -> Comparison:
    """Compare a candidate, or the base that a round made, with the round's base.

    Only what its own jobs measured, over the versions that ``actor`` may discover (INV-6).
    """
    # The parent may have been measured twice: beside the candidate, and beside the base.
    beside = Evaluation.objects.filter(checkpoint=checkpoint, job__round=round_)
    return _compared(round_.base_id, checkpoint.pk, beside, actor)


def compare_beside(before: Checkpoint, after: Checkpoint, actor: Actor) -> Comparison:
    """Compare any two checkpoints by the jobs that measured both, as ``actor`` may know it (INV-6)."""
    return _compared(before.pk, after.pk, Evaluation.objects.filter(checkpoint=after), actor)


def _compared(old: int, new: int, beside: QuerySet[Evaluation], actor: Actor) -> Comparison:
    """Compare two checkpoints, by key, by the jobs of these evaluations."""
    rows = _sums(actor).filter(job__in=beside.values("job"), checkpoint__in=(old, new))
    found: dict[str, dict[int, tuple[float, int]]] = {}
    for key, language, _number, bits, size in rows:
        found.setdefault(language, {})[key] = (bits / size, size)
    both = [(tag, by[old], by[new]) for tag, by in found.items() if old in by and new in by]
    top = max((max(before[0], after[0]) for _tag, before, after in both), default=1) or 1
    compared = (Row(tag, before[0], after[0], after[1], top) for tag, before, after in both)
    return Comparison(tuple(sorted(compared, key=lambda row: (row.change, row.language))))


def course_of(checkpoint: Checkpoint, actor: Actor) -> Course:
    """Return the figures of the family's bases up to this one, for the languages with most held-out text."""
    bases = _sums(actor).filter(
        checkpoint__family=checkpoint.family_id,
        checkpoint__number__lte=checkpoint.number,
        checkpoint__standing=Checkpoint.Standing.BASE,
    )
    figures: dict[int, dict[str, float]] = {}
    sizes: dict[str, int] = {}
    for _key, language, number, bits, size in bases:
        figures.setdefault(number, {})[language] = round(bits / size, 3)
        sizes[language] = sizes.get(language, 0) + size
    shown = sorted(sorted(sizes, key=lambda tag: (-sizes[tag], tag))[:MOST_LINES])
    rows = [[number, *(by.get(tag) for tag in shown)] for number, by in sorted(figures.items())]
    return Course([gettext("Base"), *map(autonym, shown)], rows)


def _sums(actor: Actor) -> QuerySet[Evaluation, tuple[int, str, int, float, int]]:
    visible = DatasetVersion.objects.visible_to(actor)
    weighted = Cast(F("bytes"), FloatField()) * F("bits_per_byte")
    return (
        Evaluation.objects.filter(version__in=visible, bytes__gt=0)
        .order_by()
        .values("checkpoint_id", "language", "checkpoint__number")
        .annotate(bits=Sum(weighted), size=Sum("bytes"))
        .values_list("checkpoint_id", "language", "checkpoint__number", "bits", "size")
    )
