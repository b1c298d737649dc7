"""The embedded backend: Tantivy, one index per audience.

A shared index with a filter would hide private entries and still betray them: the weights of words, and with
them the order of what is shown, are computed over everything an index holds. So each audience has its own
(INV-6), and an answer is put together from those that the reader belongs to.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import tantivy

from catalog.search.analysis import QueryWord, index_terms, query_words
from catalog.search.index import DEEPEST, FACETS, MOST_FACET_VALUES, Document, FacetValue, Query, Results
from catalog.search.shelf import SCHEMA, TEXT_FIELDS, Shelf
from provenance.actors import CONSORTIUM

FORMAT: Final = (
    1  # raise it when fields or analysis change: the old files are then left alone, the new ones empty
)
WEIGHTS: Final = {"title": 6.0, "summary": 2.0, "about": 2.0, "description": 1.0, "details": 1.0}
PREFIX_WEIGHT: Final = 0.4  # of a word that only begins like the last one typed
ALL_NEEDED_UP_TO: Final = (
    3  # words; of longer questions three quarters suffice, as people write whole sentences
)

_Must, _Should = tantivy.Occur.Must, tantivy.Occur.Should


class TantivyIndex:
    """A `SearchIndex` in a folder. Any number of processes may read; writers take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"v{FORMAT}"
        self._shelves: dict[str, Shelf] = {}

    def put(self, documents: Iterable[Document]) -> None:
        """See `SearchIndex.put`."""
        by_shelf: defaultdict[str, list[Document]] = defaultdict(list)
        for document in documents:
            by_shelf[_shelf_name(document.audience)].append(document)
        slugs = [document.slug for group in by_shelf.values() for document in group]
        for name in sorted({*by_shelf, *self._names()}):
            group = by_shelf[name]
            # An entry that changed its audience must vanish where it was.
            here = {document.slug for document in group}
            gone = self._known(name, [slug for slug in slugs if slug not in here])
            if group or gone:
                self._shelf(name).write(partial(_replace, documents=group, gone=gone))

    def remove(self, slugs: Iterable[str]) -> None:
        """See `SearchIndex.remove`."""
        wanted = list(slugs)
        for name in self._names():
            known = self._known(name, wanted)
            if known:
                self._shelf(name).write(partial(_replace, documents=[], gone=known))

    def search(self, query: Query) -> Results:
        """See `SearchIndex.search`."""
        last = min(query.offset + query.limit, DEEPEST)
        asked = _ask(query, consortium=CONSORTIUM in query.audiences)
        found: list[list[tuple[float, str]]] = []
        counted: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        total = 0
        for audience in sorted(query.audiences):
            searcher = self._shelf(_shelf_name(audience)).reader()
            if searcher is None:
                continue
            result = searcher.search(asked, last, order_by_field=None if query.text.strip() else "created")
            found.append([(score, searcher.doc(at)["slug"][0]) for score, at in result.hits])
            total += result.count  # type: ignore[attr-defined]  # it is there; the stubs leave it out
            for name, values in _count_facets(searcher, asked).items():
                counted[name].update(values)
        merged = list(heapq.merge(*found, key=lambda hit: -hit[0]))[query.offset : last]
        return Results(tuple(slug for _, slug in merged), total, {n: _ranked(c) for n, c in counted.items()})

    def clear(self) -> None:
        """See `SearchIndex.clear`."""
        for name in self._names():
            self._shelf(name).discard()

    def check(self) -> str:
        """See `SearchIndex.check`."""
        return f"{self.count()} documents"

    def count(self) -> int:
        """See `SearchIndex.count`."""
        searchers = [self._shelf(name).reader() for name in self._names()]
        return sum(searcher.num_docs for searcher in searchers if searcher is not None)

    def stamps(self) -> Iterator[tuple[str, str]]:
        """See `SearchIndex.stamps`."""
        for name in self._names():
            searcher = self._shelf(name).reader()
            if searcher is None or not searcher.num_docs:
                continue
            for _, address in searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits:
                stored = searcher.doc(address)
                yield stored["slug"][0], stored["stamp"][0]

    def _names(self) -> list[str]:
        return sorted(path.name for path in self._folder.glob("*") if path.is_dir())

    def _shelf(self, name: str) -> Shelf:
        if name not in self._shelves:
            self._shelves[name] = Shelf(self._folder / name)
        return self._shelves[name]

    def _known(self, name: str, slugs: list[str]) -> list[str]:
        searcher = self._shelf(name).reader()
        return [slug for slug in slugs if searcher.doc_freq("slug", slug)] if searcher is not None else []


def _shelf_name(audience: str) -> str:
    return audience.replace(":", ".")


def _replace(writer: tantivy.IndexWriter, *, documents: Iterable[Document], gone: Iterable[str]) -> None:
    for slug in gone:
        writer.delete_documents_by_term("slug", slug)
    for document in documents:
        writer.delete_documents_by_term("slug", document.slug)
        texts = {name: " ".join(index_terms(getattr(document, name))) for name in TEXT_FIELDS}
        facets = {name: list(document.facets.get(name, ())) for name in FACETS}
        plain = {"slug": document.slug, "stamp": document.stamp, "created": document.created}
        writer.add_document(tantivy.Document(**plain, **texts, **facets))


def _ask(query: Query, *, consortium: bool) -> tantivy.Query:
    """Build the query from terms; no syntax is ever parsed, so no text can be wrong."""
    fields = [name for name in TEXT_FIELDS if consortium or name != "details"]
    words = [_word(word, fields) for word in query_words(query.text)]
    parts = [_filter(name, values) for name, values in sorted(query.filters.items())]
    if words:
        needed = len(words) if len(words) <= ALL_NEEDED_UP_TO else -(-len(words) * 3 // 4)
        clauses = [(_Should, word) for word in words]
        parts.append(tantivy.Query.boolean_query(clauses, minimum_number_should_match=needed))
    elif query.text.strip():
        return tantivy.Query.empty_query()
    if not parts:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(_Must, part) for part in parts])


def _word(word: QueryWord, fields: Iterable[str]) -> tantivy.Query:
    """A match in several fields counts as the best of them and a little for each other one."""
    weighted = []
    for name in fields:
        options = [tantivy.Query.term_query(SCHEMA, name, term, "freq") for term in word.terms]
        if word.prefix:
            begins = tantivy.Query.fuzzy_term_query(SCHEMA, name, word.prefix, distance=0, prefix=True)
            options.append(tantivy.Query.const_score_query(begins, PREFIX_WEIGHT))
        either = tantivy.Query.boolean_query([(_Should, option) for option in options])
        weighted.append(tantivy.Query.boost_query(either, WEIGHTS[name]))
    return tantivy.Query.disjunction_max_query(weighted, tie_breaker=0.2)


def _filter(name: str, values: Iterable[str]) -> tantivy.Query:
    options = [(_Should, tantivy.Query.term_query(SCHEMA, name, value, "basic")) for value in sorted(values)]
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query(options), 0.0)


def _count_facets(searcher: tantivy.Searcher, asked: tantivy.Query) -> Mapping[str, dict[str, int]]:
    terms = {name: {"terms": {"field": name, "size": MOST_FACET_VALUES * 10}} for name in FACETS}
    answer: dict[str, Any] = searcher.aggregate(asked, terms)
    return {
        name: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found["buckets"]}
        for name, found in answer.items()
    }


def _ranked(counts: Counter[str]) -> tuple[FacetValue, ...]:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, count) for value, count in ranked[:MOST_FACET_VALUES])
