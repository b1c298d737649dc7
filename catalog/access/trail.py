"""What a request leaves in the log: each step twice, once for the asking member and once for the owner.

Requests are between these two. An event has one audience, so each of them reads its own copy.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from catalog.access.models import AccessRequest
from catalog.access.signals import access_moved
from provenance.actors import Actor, member_audience
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event

OUTCOMES: Final = {"access.granted": Outcome.ALLOWED, "access.refused": Outcome.DENIED}


def leave_trail(
    actor: Actor, request: AccessRequest, action: str, *, reason_codes: Sequence[str] = (), note: str = ""
) -> None:
    """Record a step for both members, and write to the people whom it concerns once it is committed.

    Raises:
        RuntimeError: outside a transaction.
    """
    evidence = Evidence(
        purpose=request.purpose,
        approval=f"access:{request.pk}",
        details={
            "dataset": request.dataset.slug,
            "member": request.member.slug,
            "project": request.project,
            "days": request.days,
            "expiresAt": _moment(request.expires_at),
            "renews": str(request.renews_id or ""),
            "note": note,
        },
    )
    for slug in sorted({request.member.slug, request.dataset.member.slug}):
        record_event(
            actor=actor,
            action=action,
            subject=f"access:{request.pk}",
            outcome=OUTCOMES.get(action, Outcome.DONE),
            reason_codes=reason_codes,
            audience=member_audience(slug),
            evidence=evidence,
        )
    access_moved.send(sender=AccessRequest, request=request, actor=actor, action=action)
    _write_after_commit(request, action)


def _write_after_commit(request: AccessRequest, action: str) -> None:
    """Ask for the letter. The step stands even when the broker is away."""

    def write() -> None:
        from catalog.access.tasks import write_letter

        write_letter.delay(str(request.pk), action)

    # Not a partial: to log the error of a robust callback, Django asks for its __qualname__.
    transaction.on_commit(write, robust=True)


def _moment(time: datetime | None) -> str:
    return time.isoformat() if time else ""
