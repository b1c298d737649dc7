"""The log as a file that can be checked without us: one JSON object a line (DM:18).

The first line says who asked for what. Then, the oldest first, comes each event's content with the digest
that covers it, and the last line says how many there were, so that a file that was cut off shows it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from django.db import transaction

from provenance.actors import PUBLIC, Actor, member_audience
from provenance.events.models import Event, EventQuerySet
from provenance.events.reading import EventFilter, recent
from provenance.events.services import Evidence, event_content, record_event

FORMAT: Final = "tapestry-log-export-1"
AT_ONCE: Final = 2000  # rows held in memory
DIGEST_OF: Final = "sha256 of content in canonical JSON (RFC 8785)"


def export_log(actor: Actor, filters: EventFilter) -> Iterator[str]:
    """Record that ``actor`` exports what it may discover of the log, and return the lines, lazily.

    What happens later than the export's own event is not in it. The event is for the actor's member alone;
    one of nobody in particular is public, as all that it exported was, and only names the filters: what a
    stranger typed is not written into a log that nobody can edit.
    """
    asked = {name: _text(value) for name, value in asdict(filters).items() if value}
    with transaction.atomic():
        exported = record_event(
            actor=actor,
            action="log.exported",
            subject="log",
            audience=member_audience(actor.member) if actor.member else PUBLIC,
            evidence=Evidence(details={"filter": asked if actor.member else sorted(asked)}),
        )
    header = {
        "type": FORMAT,
        "exportedAt": exported.time.isoformat(),
        "event": str(exported.uuid),
        "audiences": sorted(actor.audiences),
        "filter": asked,
        "digest": DIGEST_OF,
    }
    return _lines(header, recent(actor.audiences, filters).filter(pk__lt=exported.pk).order_by("pk"))


def line_of(event: Event) -> dict[str, Any]:
    """Return an event as the export and the API give it: its content, and the digest that covers this."""
    return {"content": event_content(event), "digest": event.digest}


def _lines(header: dict[str, Any], events: EventQuerySet) -> Iterator[str]:
    """Read through a cursor on the server, so that memory stays flat however long the log is."""
    yield _line(header)
    count = 0
    for event in events.iterator(chunk_size=AT_ONCE):
        count += 1
        yield _line(line_of(event))
    yield _line({"type": f"{FORMAT}-end", "events": count})


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()
