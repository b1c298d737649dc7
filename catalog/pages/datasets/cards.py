"""Entries as cards: the few facts by which people choose."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.datasets.models import Dataset
from catalog.lifecycle.standing import Standing, standings_of
from catalog.search.documents import newest_versions
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of a list. Texts are per language; ``digest`` is the newest version's."""

    dataset: Dataset
    digest: str
    standing: Standing | None

    @property
    def title(self) -> dict[str, str]:
        """The title per language."""
        return self.dataset.titles

    @property
    def few_languages(self) -> list[str]:
        """The first languages; there may be two hundred."""
        return list(self.dataset.languages[:4])

    @property
    def more_languages(self) -> int:
        """How many languages the card does not name."""
        return max(0, len(self.dataset.languages) - 4)


def cards_of(actor: Actor, datasets: Iterable[Dataset]) -> list[Card]:
    """Return a card for each entry, in order, in two queries. Members are expected along."""
    entries = list(datasets)
    newest = newest_versions(entries)
    standings = standings_of(actor, entries)
    return [
        Card(
            dataset=entry,
            digest=newest[entry.pk].digest if entry.pk in newest else "",
            standing=standings.get((entry.pk, None)),
        )
        for entry in entries
    ]
