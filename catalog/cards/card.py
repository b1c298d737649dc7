"""A version's card: what a reader may know of it, put together once for the page and for Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language

from catalog.cards.citation import Citation, citation_of
from catalog.datasets.models import DatasetVersion
from catalog.interchange.disclosure import may_read_details, readable_record
from catalog.pages.datasets.answers import may_i_use_it
from catalog.pages.records import Label, Row, rows_of
from catalog.tiers import Tier
from provenance.actors import Actor

ABOVE: Final = frozenset({"title", "summary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """``groups`` are the answers under their headings; ``detailed``: the reader may know all of them."""

    version: DatasetVersion
    record: Mapping[str, Any]
    language: str
    answer: str
    groups: tuple[tuple[Label, tuple[Row, ...]], ...]
    citation: Citation
    detailed: bool

    @property
    def titles(self) -> Mapping[str, str]:
        """What it is called, per language."""
        return self.version.titles

    @property
    def summary(self) -> Mapping[str, str]:
        """What it is, per language, in a sentence or two; empty where that is not told."""
        return self.record.get("summary") or {}


def card_of(version: DatasetVersion, actor: Actor) -> Card:
    """Return the card as ``actor`` may read it, in its language; one query where the record names sources."""
    record, language = readable_record(actor, version), get_language() or "en"
    groups: dict[Label, list[Row]] = {}
    for row in rows_of(record):
        if row.lines and row.path not in ABOVE:
            groups.setdefault(row.group, []).append(row)
    return Card(
        version=version,
        record=record,
        language=language,
        answer=may_i_use_it(version.dataset, version.tier, record).text,
        groups=tuple((name, tuple(rows)) for name, rows in groups.items()),
        citation=citation_of(version, record, language=language),
        detailed=version.tier == Tier.PRIVATE or may_read_details(actor, version),
    )
