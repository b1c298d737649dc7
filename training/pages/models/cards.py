"""A scorecard as rows of a table: per criterion the figure and the points of each model, best total first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from training.families.models import ImportedModel, Scorecard
from training.imports.criteria import Measure

WORDS = {
    Measure.BITS_PER_BYTE: _("bits per byte, less is better"),
    Measure.TOKENS_PER_BYTE: _("tokens per byte, less is better"),
    Measure.PARAMETERS: _("parameters, fewer are better"),
    Measure.POSITIONS: _("positions of context, more are better"),
    Measure.PERMISSIVE_LICENCE: _("licence that permits commercial use and training, 1 or 0"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion: its name, what is measured, on which dataset's newest version, and its weight."""

    name: str
    words: str
    dataset: str
    weight: int


@dataclass(frozen=True, slots=True)
class Row:
    """A model with (criterion, figure, points) in the order of the columns, and its total of 100."""

    model: ImportedModel
    cells: tuple[tuple[str, float, float], ...]
    total: float


def columns_of(card: Scorecard) -> list[Column]:
    """Return the criteria as declared."""
    return [_column(criterion) for criterion in card.criteria]


def rows_of(card: Scorecard) -> list[Row]:
    """Return the models, best first; ``card.candidates`` should be prefetched."""
    figures, points, totals = (card.results[key] for key in ("figures", "points", "totals"))
    names = [criterion["name"] for criterion in card.criteria]
    rows = [
        Row(
            model=model,
            cells=tuple((name, figures[name][model.digest], points[name][model.digest]) for name in names),
            total=totals[model.digest],
        )
        for model in card.candidates.all()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.model.name))


def _column(criterion: Mapping[str, Any]) -> Column:
    words = str(WORDS[Measure(criterion["measure"])])
    return Column(criterion["name"], words, criterion["dataset"], criterion["weight"])
