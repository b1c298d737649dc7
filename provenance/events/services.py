import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from provenance.actors import PUBLIC, Actor, ActorKind
from provenance.events.models import Event, Outcome
from provenance.signing.canonical import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The optional half of an event: what it touched, why, where, under which policy, and what came of it."""

    artifact: str = ""
    purpose: str = ""
    place: str = ""
    policy_version: str = ""
    approval: str = ""
    job: uuid.UUID | None = None
    parents: Sequence[str] = ()
    outputs: Sequence[str] = ()
    details: dict[str, Any] = field(default_factory=dict)


NO_EVIDENCE = Evidence()


def record_event(
    *,
    actor: Actor,
    action: str,
    subject: str = "",
    outcome: Outcome = Outcome.DONE,
    reason_codes: Sequence[str] = (),
    audience: str = PUBLIC,
    evidence: Evidence = NO_EVIDENCE,
) -> Event:
    """Append one event to the log, in the transaction of the change that it tells of (INV-3).

    ``action`` is noun and verb, such as ``proposal.submitted``; ``subject`` is a stable address, such as
    ``proposal:<id>``. People stand in it by identifier alone: the log is for ever, and partly public, while a
    name is told by pages to those who may know it. The digest over the canonical content (RFC 8785, sha256)
    is the integrity evidence.

    Raises:
        RuntimeError: outside a transaction, where the event could outlive a change that never happened.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{action}: an event belongs into the transaction of its change (INV-3)")
    event = Event(
        uuid=uuid.uuid4(),
        time=timezone.now(),
        actor=actor.identifier,
        actor_label=actor.identifier if actor.kind is ActorKind.PERSON else actor.label,
        member=actor.member,
        action=action,
        subject=subject,
        outcome=outcome,
        reason_codes=list(reason_codes),
        audience=audience,
        **asdict(evidence),
    )
    event.digest = digest(event_content(event))
    event.save(force_insert=True)
    return event


def event_content(event: Event) -> dict[str, Any]:
    """Return the content that ``Event.digest`` covers: every field but ids and the digest itself."""
    return {
        "uuid": str(event.uuid),
        "time": event.time.isoformat(),
        "actor": event.actor,
        "actorLabel": event.actor_label,
        "service": event.service,
        "member": event.member,
        "action": event.action,
        "outcome": str(event.outcome),
        "reasonCodes": list(event.reason_codes),
        "subject": event.subject,
        "artifact": event.artifact,
        "purpose": event.purpose,
        "place": event.place,
        "policyVersion": event.policy_version,
        "approval": event.approval,
        "job": str(event.job) if event.job else "",
        "parents": list(event.parents),
        "outputs": list(event.outputs),
        "details": event.details,
        "audience": event.audience,
    }
