"""Every address that the program answers, from the URL table: a new one is asked for every entry at once.

An address takes values for its places (slug, key, number …). A place that nobody here can fill fails the
test, so that a new kind of output has to be given cells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# Addresses whose answers tell nothing of entries, each with its reason.
APART = {
    "healthz": "one word for a watchdog",
    "readyz": "states of components",
    "favicon": "leads to the icon",
    "api-docs": "shows the schema",
    "set_language": "takes POST alone",
    "admin": "there is none",
}
# Where a place means something else than the entry's own value of that name.
MEANT: Mapping[str, Mapping[str, str]] = {
    "member": {"slug": "member"},
    "nodes-of-member": {"slug": "member"},
    "derivatives-of-member": {"slug": "member"},
    "member-retention": {"slug": "member"},
    **{
        name: {"slug": "derivative"}
        for name in (
            "derivative",
            "derivative-readme",
            "derivative-jsonld",
            "retire-derivative",
            "api-derivative",
        )
    },
    **{name: {"slug": "series"} for name in ("series", "join-series")},
    **{
        name: {"slug": "node"}
        for name in ("node", "approve-node", "suspend-node", "reinstate-node", "revoke-node")
    },
    "access-request": {"key": "request"},
    "access-decide": {"key": "request"},
    "access-renew": {"key": "request"},
    "access-revoke": {"key": "request"},
    "access-withdraw": {"key": "request"},
    "api-grant": {"key": "grant"},
    "api-grant-file": {"key": "grant"},
    "revoke-grant": {"key": "grant"},
    "finish-withdrawal-task": {"key": "task"},
    **{
        name: {"key": "rollback"}
        for name in (
            *("rollback", "api-rollback", "speak-on-rollback", "finish-descendant"),
            *("take-back-rollback", "try-again-rollback"),
        )
    },
    "notification": {"key": "notification"},
    **{
        name: {"key": "batch"}
        for name in (
            *("batch", "batch-progress", "batch-columns", "batch-row", "batch-submit", "batch-forget"),
            *("batch-report-csv", "batch-report-json", "api-batch", "api-batch-columns", "api-batch-rows"),
            *("api-batch-row", "api-batch-submit"),
        )
    },
}
# Answers that are the same for everybody, word for word: a second actor would read them once more.
ALIKE = {"api-schema"}
# What lists and searches are asked besides their bare address.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "datasets": ("", "?q={word}", "?tier={tier}", "?member={member}", "?sort=new"),
    "api-datasets": ("", "?q={word}", "?tier={tier}", "?member={member}", "?page_size=100"),
    "log": ("", "?action=dataset", "?action=proposal", "?subject=dataset:{slug}", "?action=access"),
    "proposals": ("", "?page=2"),
    "proposal-from": ("", "?proposal={key}"),
    "dataset": ("", "?depth=6"),
    "dataset-compare": ("?from=1&to=1",),
    "api-compare": ("?from=1&to=1",),
}


@dataclass(frozen=True)
class Route:
    """A named address and the names of its places."""

    name: str
    places: tuple[str, ...]


def routes() -> list[Route]:
    """Every route of the program that is not set apart."""
    found = {route.name: route for route in _walk(get_resolver(), ())}
    return [route for name, route in sorted(found.items()) if name not in APART and not _is_account(name)]


def _is_account(name: str) -> bool:
    """Pages of one's own account: they know people and no entry."""
    return name.startswith("account_")


def _walk(resolver: URLResolver, places: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        own = (*places, *entry.pattern.regex.groupindex, *getattr(entry.pattern, "converters", {}))
        if isinstance(entry, URLPattern):
            yield Route(entry.name or str(entry.pattern), tuple(dict.fromkeys(own)))
        else:
            yield from _walk(entry, own)


def addresses(route: Route, places: Mapping[str, object]) -> list[str]:
    """The addresses of a route with these values; lists of values give one address each.

    Raises LookupError when a place of the route has no value, or when its address can not be built.
    """
    places = {**places, **{name: places[other] for name, other in MEANT.get(route.name, {}).items()}}
    missing = [name for name in route.places if name not in places]
    if missing:
        raise LookupError(f"{route.name}: no value for {', '.join(missing)}")
    values = [_several(places[name]) for name in route.places]
    paths = [path for chosen in product(*values) if (path := _reversed(route, chosen)) is not None]
    if not paths:
        raise LookupError(f"{route.name}: these values make no address")
    questions = QUESTIONS.get(route.name, ("",))
    return [path + question.format_map(_Quoted(places)) for path in paths for question in questions]


class _Quoted(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return ""

    def __getitem__(self, name: str) -> object:
        return quote(str(_several(super().__getitem__(name))[0])) if name in self else ""


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _reversed(route: Route, chosen: tuple[object, ...]) -> str | None:
    try:
        return reverse(route.name, kwargs=dict(zip(route.places, chosen, strict=True)))
    except NoReverseMatch:
        return None
