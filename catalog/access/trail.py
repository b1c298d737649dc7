"""What a request leaves in the log: each step twice, once for the asking member and once for the owner.

Requests are between these two. An event has one audience, so each of them reads its own copy.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from catalog.access.models import AccessRequest
from catalog.access.signals import access_moved
from provenance.actors import Actor, member_audience
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event

OUTCOMES: Final = {"access.granted": Outcome.ALLOWED, "access.refused": Outcome.DENIED}


def leave_trail(
    actor: Actor, request: AccessRequest, action: str, *, reason_codes: Sequence[str] = (), note: str = ""
) -> None:
    """Record a step for both members; the people whom it concerns are told (``catalog.notifications``).

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


def _moment(time: datetime | None) -> str:
    return time.isoformat() if time else ""
