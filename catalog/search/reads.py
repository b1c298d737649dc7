"""The one way to search, for pages, API and feeds alike."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from kombu.exceptions import OperationalError

from catalog.datasets.models import Dataset
from catalog.search import get_index
from catalog.search.index import DEEPEST, FacetValue, Query, SearchUnavailableError
from catalog.search.tasks import mend_index
from provenance.actors import Actor


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries with their members, of ``total``. ``next_offset`` is None on the last page."""

    entries: tuple[Dataset, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    next_offset: int | None


def search_datasets(
    *,
    actor: Actor,
    text: str = "",
    filters: Mapping[str, Iterable[str]] | None = None,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """Return the entries that ``actor`` may discover and that match, most relevant first; one SQL query.

    ``filters`` maps names of `catalog.search.index.FACETS` to the values that are let through; an empty
    collection filters nothing.

    Raises:
        SearchUnavailableError: the index is broken; a worker has been asked to build it anew.
    """
    wanted = {name: frozenset(values) for name, values in (filters or {}).items()}
    query = Query(
        audiences=actor.audiences,
        text=text,
        filters={name: values for name, values in wanted.items() if values},
        offset=offset,
        limit=limit,
    )
    try:
        results = get_index().search(query)
    except SearchUnavailableError:
        _ask_for_mending()
        raise
    # The index was asked for what the actor may see; the database has the last word (INV-6).
    rows = Dataset.objects.visible_to(actor).filter(slug__in=results.hits, state=Dataset.State.PUBLISHED)
    by_slug = {row.slug: row for row in rows.select_related("member")}
    entries = tuple(by_slug[slug] for slug in results.hits if slug in by_slug)
    behind = offset + limit
    return Found(
        entries, results.total, results.facets, behind if behind < min(results.total, DEEPEST) else None
    )


def _ask_for_mending() -> None:
    with suppress(OperationalError):  # without a broker the next reader asks again
        mend_index.delay()
