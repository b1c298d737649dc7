"""What a search backend is: a few verbs over documents and queries, with one contract test for all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

FACETS: Final = ("tier", "language", "license", "theme", "member", "artifact_type", "modality")
MOST_FACET_VALUES: Final = 100
DEEPEST: Final = 10_000  # hits; whoever wants more than these harvests /catalog.jsonld


class SearchUnavailableError(Exception):
    """The index is broken or held by somebody else. The operator's, never the reader's fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An entry as the index knows it.

    Attributes:
        audience: the one audience that may discover the entry (INV-6).
        stamp: changes whenever anything else here does, so that drift can be seen without comparing texts.
        created: seconds since 1970, the order of a list without words.
        details: text that only the consortium may read, and so may find the entry by (FIELD.md §2).
        facets: values for each of `FACETS`.
    """

    slug: str
    audience: str
    stamp: str
    created: int
    title: str
    summary: str
    about: str
    description: str = ""
    details: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question. Values of one filter are alternatives, filters add up; ``limit`` is at least 1."""

    audiences: frozenset[str]
    text: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many of the results have it, at least one."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of slugs, most relevant (without words: newest) first; total and facets count all hits."""

    hits: tuple[str, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]


class SearchIndex(Protocol):
    """A backend. Only workers and commands write; every verb may raise `SearchUnavailableError`."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add or replace; durable and findable by every process on return. Idempotent."""

    def remove(self, slugs: Iterable[str]) -> None:
        """Forget; unknown slugs are no error."""

    def search(self, query: Query) -> Results:
        """Answer. What ``query.audiences`` leaves out changes nothing: order, count or facets (INV-6)."""

    def clear(self) -> None:
        """Forget everything, and mend whatever was broken."""

    def check(self) -> str:
        """Say in a few words how the index is."""

    def count(self) -> int:
        """How many documents there are, of all audiences."""

    def stamps(self) -> Iterator[tuple[str, str]]:
        """Yield slug and stamp of every document, of all audiences."""
