from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from provenance.events.models import Event, EventQuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What to keep of the log; an empty field keeps everything.

    ``action`` is a whole action or a noun (``proposal`` keeps every ``proposal.…``); ``since`` is inclusive,
    ``until`` exclusive, both with a time zone.
    """

    action: str = ""
    subject: str = ""
    artifact: str = ""
    actor: str = ""
    member: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = EventFilter()


def recent(audiences: frozenset[str], filters: EventFilter = EVERYTHING) -> EventQuerySet:
    """Return the events that a caller with these audiences may discover, newest first (DM:18, INV-6)."""
    exact = {
        name: value
        for name in ("subject", "artifact", "actor", "member", "outcome")
        if (value := getattr(filters, name))
    }
    events = Event.objects.visible_to(audiences).filter(**exact)
    if filters.action:
        events = events.filter(Q(action=filters.action) | Q(action__startswith=f"{filters.action}."))
    if filters.since:
        events = events.filter(time__gte=filters.since)
    if filters.until:
        events = events.filter(time__lt=filters.until)
    return events
