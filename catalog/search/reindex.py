"""Bringing the index to what the database says, and measuring how far it is from that."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from catalog.datasets.models import Dataset, DatasetQuerySet
from catalog.search.documents import documents_of
from catalog.search.index import Document, SearchIndex, SearchUnavailableError

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """Slugs that the index lacks, knows an outdated state of, or should not know any more."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many entries differ."""
        return len(self.missing) + len(self.stale) + len(self.surplus)


def measure_drift(index: SearchIndex) -> Drift:
    """Compare the stamps of all documents with those that the database would give now."""
    known = dict(index.stamps())
    missing, stale = [], []
    for batch in _batches():
        for document in batch:
            stamp = known.pop(document.slug, None)
            if stamp is None:
                missing.append(document.slug)
            elif stamp != document.stamp:
                stale.append(document.slug)
    return Drift(tuple(missing), tuple(stale), tuple(sorted(known)))


def reindex(index: SearchIndex, *, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Put what is missing or stale, remove what is surplus, and return how many documents that were.

    It skips what is right already, so a run that died is resumed by running it again. ``progress`` gets the
    number of entries looked at and of all entries, once a batch. A broken index is built from nothing.
    """
    try:
        known = dict(index.stamps())
    except SearchUnavailableError:
        index.clear()
        known = {}
    total, seen, changed = _published().count(), 0, 0
    for batch in _batches():
        wrong = [document for document in batch if known.pop(document.slug, None) != document.stamp]
        if wrong:
            index.put(wrong)
        changed += len(wrong)
        seen += len(batch)
        progress(seen, total)
    if known:
        index.remove(sorted(known))
    return changed + len(known)


def _published() -> DatasetQuerySet:
    return Dataset.objects.filter(state=Dataset.State.PUBLISHED).select_related("member").order_by("pk")


def _batches() -> Iterator[list[Document]]:
    last = 0
    while batch := list(_published().filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield list(documents_of(batch))
