"""Entries as cards: the few facts by which people choose."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.datasets.models import Dataset
from catalog.search.documents import newest_versions


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of a list. Texts are per language; ``digest`` is the newest version's."""

    dataset: Dataset
    digest: str

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


def cards_of(datasets: Iterable[Dataset]) -> list[Card]:
    """Return a card for each entry, in order; one query for all digests. Members are expected along."""
    entries = list(datasets)
    newest = newest_versions(entries)
    return [Card(entry, newest[entry.pk].digest if entry.pk in newest else "") for entry in entries]
