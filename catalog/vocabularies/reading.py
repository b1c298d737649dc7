"""The terms as the rest of the catalog reads them: all schemes in one query, kept for half a minute."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.vocabularies.models import Term

_SECONDS: Final = 30  # other processes learn of an edited term this late
_Schemes = Mapping[str, Mapping[str, "TermView"]]


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
    _kept.until = 0.0


@dataclass(slots=True)
class _Kept:
    """What this process read last, and until when it holds; a page asks once for each of its labels."""

    schemes: _Schemes = field(default_factory=dict)
    until: float = 0.0


_kept: Final = _Kept()


def _all() -> _Schemes:
    if time.monotonic() >= _kept.until:
        schemes: dict[str, dict[str, TermView]] = {}
        for term in Term.objects.all():
            schemes.setdefault(term.scheme, {})[term.code] = _view(term)
        _kept.schemes, _kept.until = schemes, time.monotonic() + _SECONDS
    return _kept.schemes


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
