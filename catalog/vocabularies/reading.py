"""The terms as the rest of the catalog reads them: all schemes in one query, kept for half a minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.core.cache import cache

from catalog.vocabularies.models import Term

_KEY: Final = "vocabularies"
_SECONDS: Final = 30  # other processes learn of an edited term this late


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """A term without its row. ``labels`` and ``definition`` are texts by language tag."""

    scheme: str
    code: str
    iri: str
    labels: Mapping[str, str]
    definition: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    retired: bool = False


def terms_of(scheme: str, *, retired: bool = False) -> Mapping[str, TermView]:
    """Return the terms of a scheme by code, in their order; those that are retired only on demand."""
    found = _all().get(scheme, {})
    return found if retired else {code: term for code, term in found.items() if not term.retired}


def check_term(scheme: str, code: str) -> str:
    """Return the code; raise ValueError when the scheme has no such term, or retired it."""
    known = terms_of(scheme)
    if code not in known:
        raise ValueError(f"{code!r} is not one of: {', '.join(known)}")
    return code


def forget_terms() -> None:
    """Read the table again next time, in this process; services that edit terms call this."""
    cache.delete(_KEY)


def _all() -> Mapping[str, Mapping[str, TermView]]:
    found: Mapping[str, Mapping[str, TermView]] | None = cache.get(_KEY)
    if found is None:
        schemes: dict[str, dict[str, TermView]] = {}
        for term in Term.objects.all():
            schemes.setdefault(term.scheme, {})[term.code] = _view(term)
        found = schemes
        cache.set(_KEY, schemes, _SECONDS)
    return MappingProxyType(dict(found))


def _view(term: Term) -> TermView:
    return TermView(
        scheme=term.scheme,
        code=term.code,
        iri=term.iri,
        labels=term.labels,
        definition=term.definition,
        properties=term.properties,
        retired=term.retired_at is not None,
    )
