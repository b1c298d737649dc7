"""Fetching on behalf of a steward: not too often, not for long, and never without an event."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.intake.fetching import Fetched, fetch
from catalog.members.models import Member
from catalog.proposals.access import require_steward
from provenance.actors import Actor, member_audience
from provenance.errors import Invalid, TooManyRequests
from provenance.events.models import Event, Outcome
from provenance.events.services import Evidence, record_event

MOST_A_MINUTE: Final = 10  # fetches of one person
SECONDS: Final = 10.0  # that a request waits for another server
_LONGEST_HOST: Final = 253


def fetch_description(*, actor: Actor, member: Member, url: str) -> Fetched:
    """Fetch a description for ``member`` and record that, whatever came of it; of the address the host alone.

    Raises:
        NotPermitted: code ``not-a-steward``.
        TooManyRequests: more than ``MOST_A_MINUTE``, refused addresses included.
        Invalid: as ``fetch``.
    """
    require_steward(actor, member)
    _pace(actor)
    details: dict[str, Any] = {"host": _host_of(url)}
    try:
        fetched = fetch(url, seconds=SECONDS)
    except Invalid as refused:
        _record(actor, member, Outcome.FAILED, details, refused.code)
        raise
    _record(actor, member, Outcome.DONE, {**details, "bytes": len(fetched.content)})
    return fetched


def _pace(actor: Actor) -> None:
    """Count in the log, which all processes share."""
    since = timezone.now() - timedelta(minutes=1)
    asked = Event.objects.filter(
        action="description.fetched", actor=actor.identifier, time__gte=since
    ).count()
    if asked >= MOST_A_MINUTE:
        raise TooManyRequests(_("You asked for many addresses just now."), remedy=_("Try again in a minute."))


def _record(
    actor: Actor, member: Member, outcome: Outcome, details: dict[str, Any], *reason_codes: str
) -> None:
    with transaction.atomic():
        record_event(
            actor=actor,
            action="description.fetched",
            subject=f"member:{member.slug}",
            outcome=outcome,
            reason_codes=reason_codes,
            audience=member_audience(member.slug),
            evidence=Evidence(details=details),
        )


def _host_of(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host if len(host) <= _LONGEST_HOST and host.isprintable() else ""
