"""What events name by identifiers, in words: for each reader only what that reader may discover (INV-6).

Each floor registers who names its kinds of things; names cost one query for each kind that is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.datasets.models import DatasetVersion
from catalog.design.languages import choose_text
from provenance.actors import CONSORTIUM, COORDINATOR, Actor
from provenance.events.models import Event


@dataclass(frozen=True, slots=True)
class Named:
    """What people call a thing, and its page, where it has one that the reader may open."""

    text: str
    url: str = ""


Names = Mapping[str, Named]
Namer = Callable[[Actor, Collection[str]], Names]
"""From a reader and keys, such as slugs, to the names of those that the reader may discover."""

_PERSON: Final = "person:"
_NAMERS: Final[dict[str, Namer]] = {}


def register_namer(noun: str, namer: Namer) -> None:
    """Let ``namer`` name what identifiers of the form ``noun:key`` stand for."""
    _NAMERS[noun] = namer


def names_of(reader: Actor, identifiers: Iterable[str]) -> Names:
    """Return names by identifier, of those that the reader may discover; a query for each kind."""
    asked: dict[str, set[str]] = defaultdict(set)
    for identifier in identifiers:
        noun, _colon, key = identifier.partition(":")
        if key and noun in _NAMERS:
            asked[noun].add(key)
    return {
        f"{noun}:{key}": named
        for noun, keys in asked.items()
        for key, named in _NAMERS[noun](reader, keys).items()
    }


def names_for(reader: Actor, events: Iterable[Event], *, subjects: bool = True) -> Names:
    """Return names by identifier for who did what events tell, and for what they are about."""
    told = list(events)
    acting = [_acting(event, reader) for event in told]
    return names_of(reader, [*acting, *(event.subject for event in told if subjects)])


def name_of_version(version: DatasetVersion) -> str:
    """Return the entry's title in the reader's language, with the number of the version."""
    title = choose_text(version.titles, get_language() or "en").text
    return _("%(title)s, version %(number)s") % {"title": title, "number": version.number}


def _acting(event: Event, reader: Actor) -> str:
    """Return what tells who did it: a person for the consortium, for others the member."""
    hidden = event.actor.startswith(_PERSON) and CONSORTIUM not in reader.audiences
    return f"member:{event.member}" if hidden else event.actor


def actor_of_event(event: Event, names: Names) -> str:
    """Return who did it. People are named to the consortium; for others they act for their member."""
    if event.actor in names:
        return names[event.actor].text
    if event.actor == COORDINATOR.identifier:
        return _("The coordinator")
    if not event.actor.startswith(_PERSON):
        return event.actor_label
    member = names.get(f"member:{event.member}")
    return _("a person of %(member)s") % {"member": member.text} if member else _("a person")
