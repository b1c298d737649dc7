"""`/log/`: what happened, who did it, and how can I check?"""

import uuid
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.pages.datasets.facets import address_with
from catalog.pages.naming import actor_of_event, names_for
from catalog.pages.reasons import words_of_reason
from catalog.pages.stories import words_of_action
from provenance.events.models import EventQuerySet, Outcome
from provenance.events.reading import EventFilter, recent

PAGE: Final = 50
MOST_CHARACTERS: Final = 200
# Actions are noun and verb; a filter by noun keeps all verbs of it.
NOUNS: Final[dict[str, str | Promise]] = {
    "proposal": _("Proposals"),
    "dataset": _("Datasets"),
    "access": _("Access decisions"),
    "data": _("Reads of data"),
    "withdrawal": _("Withdrawals"),
    "vocabulary": _("Vocabularies"),
    "round": _("Rounds"),
    "job": _("Jobs"),
    "contribution": _("Contributions"),
    "checkpoint": _("Checkpoints"),
    "node": _("Nodes"),
    "member": _("Members"),
}


@require_safe
def read_log(request: HttpRequest) -> HttpResponse:
    """Page through the events that the reader may discover, newest first (DM:10, DM:18)."""
    reader = actor_of(request.user)
    filters = filters_of(request.GET)
    events = recent(reader.audiences, filters)
    shown = list(_after(events, recent(reader.audiences), request.GET.get("after", ""))[: PAGE + 1])
    names = names_for(reader, shown[:PAGE])
    rows = [
        {
            "event": event,
            "words": words_of_action(event.action),
            "actor": actor_of_event(event, names),
            "about": names.get(event.subject),
            "reasons": [words_of_reason(code) for code in event.reason_codes],
        }
        for event in shown[:PAGE]
    ]
    context = {
        "rows": rows,
        "filters": filters,
        "nouns": NOUNS.items(),
        "outcomes": Outcome.choices,
        "is_filtered": filters != EventFilter(),
        "next_url": address_with(request.GET, after=str(shown[PAGE - 1].uuid)) if len(shown) > PAGE else "",
        "export_url": f"{reverse('log-export')}{address_with(request.GET, after='')}",
        "newest_url": address_with(request.GET, after="") if "after" in request.GET else "",
    }
    return render(request, "pages/log/log.html", context)


def filters_of(asked: QueryDict) -> EventFilter:
    """Read the filters; an outcome that is none is left out, the other texts are only compared."""

    def text(name: str) -> str:
        return asked.get(name, "").replace("\x00", "").strip()[:MOST_CHARACTERS]

    return EventFilter(
        action=text("action"),
        subject=text("subject"),
        artifact=text("artifact"),
        member=text("member"),
        outcome=text("outcome") if text("outcome") in Outcome.values else "",
    )


def _after(events: EventQuerySet, visible: EventQuerySet, cursor: str) -> EventQuerySet:
    """Continue behind an event that the reader saw; gaps of row numbers would tell of the hidden ones."""
    try:
        known = (
            visible.filter(uuid=uuid.UUID(cursor)).values_list("pk", flat=True).first() if cursor else None
        )
    except ValueError:
        known = None
    return events if known is None else events.filter(pk__lt=known)
