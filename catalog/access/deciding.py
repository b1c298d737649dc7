"""The owner's verbs: grant, refuse, revoke."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog.access.asking import check_days
from catalog.access.finding import lock_request, require_owner
from catalog.access.models import AccessRequest
from catalog.access.states import TRANSITIONS, AccessState
from catalog.access.trail import leave_trail
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid
from provenance.states import swap_state
from provenance.text import plain_text


@transaction.atomic
def grant_access(
    *,
    actor: Actor,
    request: AccessRequest,
    days: int | None = None,
    note: str = "",
    at: datetime | None = None,
) -> AccessRequest:
    """Grant what was asked for, from ``at`` (now) for ``days`` (as asked).

    Raises:
        NotFound: there is no such request for this actor.
        NotPermitted: codes ``not-a-steward`` or ``recused``.
        Conflict: codes ``state-changed`` or ``dataset-withdrawn``.
        Invalid: codes ``days-out-of-range`` or ``text-malformed``.
    """
    note = plain_text(note, field="note", longest=4000)
    found = lock_request(actor, request)
    require_owner(actor, found)
    days = found.days if days is None else days
    check_days(days)
    if found.dataset.state == found.dataset.State.WITHDRAWN:
        raise Conflict("This dataset is withdrawn; there is nothing to grant.", code="dataset-withdrawn")
    at = at or timezone.now()
    granted = swap_state(
        found,
        to=AccessState.GRANTED,
        table=TRANSITIONS,
        days=days,
        note=note,
        decided_by=actor.key,
        decided_at=at,
        starts_at=at,
        expires_at=at + timedelta(days=days),
    )
    leave_trail(actor, granted, "access.granted", note=note)
    return granted


@transaction.atomic
def refuse_access(
    *,
    actor: Actor,
    request: AccessRequest,
    reason_codes: Sequence[str] = (),
    note: str = "",
    at: datetime | None = None,
) -> AccessRequest:
    """Refuse a waiting request, in words or by codes.

    Raises:
        NotFound, NotPermitted: as ``grant_access``.
        Conflict: code ``state-changed``.
        Invalid: codes ``note-missing`` or ``text-malformed``.
    """
    return _say_no(actor, request, AccessState.REFUSED, reason_codes, note, at)


@transaction.atomic
def revoke_access(
    *,
    actor: Actor,
    request: AccessRequest,
    reason_codes: Sequence[str] = (),
    note: str = "",
    at: datetime | None = None,
) -> AccessRequest:
    """Take a running grant away; it counts for nothing from the next decision on (DM:17).

    Raises:
        NotFound, NotPermitted, Conflict, Invalid: as ``refuse_access``.
    """
    return _say_no(actor, request, AccessState.REVOKED, reason_codes, note, at)


def _say_no(
    actor: Actor,
    request: AccessRequest,
    to: AccessState,
    reason_codes: Sequence[str],
    note: str,
    at: datetime | None,
) -> AccessRequest:
    note = plain_text(note, field="note", longest=4000)
    codes = [plain_text(code, field="reason_codes", longest=80) for code in reason_codes]
    found = lock_request(actor, request)
    require_owner(actor, found)
    if not note and not codes:
        message = "Say why."
        raise Invalid(message, code="note-missing", fields={"note": [message]})
    moved = swap_state(
        found,
        to=to,
        table=TRANSITIONS,
        note=note,
        reason_codes=codes,
        decided_by=actor.key,
        decided_at=at or timezone.now(),
    )
    leave_trail(actor, moved, f"access.{to}", reason_codes=codes, note=note)
    return moved
