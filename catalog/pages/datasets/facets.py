"""Filters of the dataset list: read from the query string, and drawn as links that keep the rest of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.design.languages import autonym
from catalog.design.terms import label_of
from catalog.design.tier_words import TIER_WORDS
from catalog.members.models import Member
from catalog.pages.records import Label
from catalog.search.index import FacetValue

LABELS: Final[dict[str, Label]] = {
    "tier": _("Tier"),
    "language": _("Language"),
    "theme": _("Theme"),
    "member": _("Member"),
    "license": _("Licence"),
    "artifact_type": _("Stage of work"),
    "modality": _("Kind of data"),
}
MOST_SHOWN: Final = 12
MOST_CHOSEN: Final = 20
MOST_CHARACTERS: Final = 120


@dataclass(frozen=True, slots=True)
class FacetLink:
    """One value; following ``url`` chooses it, or takes it away when it is ``selected``."""

    value: str
    label: Label
    count: int
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its first values, the chosen ones before the others; ``all_values`` where there are more.

    ``all_values`` stand in the order of their labels, so that one finds a value by its name.
    """

    name: str
    label: Label
    values: list[FacetLink]
    all_values: list[FacetLink]


def chosen_filters(asked: QueryDict) -> dict[str, list[str]]:
    """Return the filters of a query string; values no index can hold are left out."""
    return {
        name: list(dict.fromkeys(value for value in asked.getlist(name) if _is_plausible(value)))[
            :MOST_CHOSEN
        ]
        for name in LABELS
        if name in asked
    }


def draw_facets(
    counted: Mapping[str, Iterable[FacetValue]], chosen: Mapping[str, list[str]], asked: QueryDict
) -> list[Facet]:
    """Return the filters that have a value to offer or to take away; names of members cost one query."""
    members = dict(Member.objects.values_list("slug", "name"))
    facets = []
    for name, label in LABELS.items():
        picked = chosen.get(name, [])
        counts = {value.value: value.count for value in counted.get(name, ())}
        offered = [value for value in counts if value not in picked]
        links = [
            FacetLink(
                value,
                _label(name, value, members),
                counts.get(value, 0),
                _toggled(asked, name, value),
                value in picked,
            )
            for value in (*picked, *offered)
        ]
        if links:
            facets.append(_folded(name, label, links, shown=len(picked) + MOST_SHOWN))
    return facets


def address_with(asked: QueryDict, **replaced: str | int) -> str:
    """Return the query string with some values replaced; an empty value is taken out."""
    query = asked.copy()
    for name, value in replaced.items():
        query.pop(name, None)
        if value != "":
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _folded(name: str, label: Label, links: list[FacetLink], *, shown: int) -> Facet:
    by_label = sorted(links, key=lambda link: str(link.label).casefold()) if len(links) > shown else []
    return Facet(name, label, links[:shown], by_label)


def _toggled(asked: QueryDict, name: str, value: str) -> str:
    query = asked.copy()
    query.pop("page", None)
    values = query.getlist(name)
    query.setlist(name, [one for one in values if one != value] if value in values else [*values, value])
    return f"?{query.urlencode()}"


def _is_plausible(value: str) -> bool:
    return 0 < len(value) <= MOST_CHARACTERS and "\x00" not in value


def _label(facet: str, value: str, members: Mapping[str, str]) -> Label:
    if facet == "tier":
        return TIER_WORDS[value].word if value in TIER_WORDS else value
    if facet == "language":
        return autonym(value)
    if facet == "member":
        return members.get(value, value)
    return label_of(facet.replace("_", "-"), value)
