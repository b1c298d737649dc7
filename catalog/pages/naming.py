"""What events name by identifiers, in words: for each reader only what that reader may discover (INV-6).

Each floor registers who names its kinds of things; names cost one query for each kind that is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

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


def names_for(reader: Actor, events: Iterable[Event], *, subjects: bool = True) -> Names:
    """Return names by identifier for the actors of events and their subjects; a query a kind at most."""
    asked: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for identifier in (_acting(event, reader), event.subject if subjects else ""):
            noun, _colon, key = identifier.partition(":")
            if key and noun in _NAMERS:
                asked[noun].add(key)
    return {
        f"{noun}:{key}": named
        for noun, keys in asked.items()
        for key, named in _NAMERS[noun](reader, keys).items()
    }


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
