import uuid
from typing import Any

from catalog.policy.decisions import Decision
from catalog.policy.operations import Operation
from catalog.policy.questions import Question
from provenance.actors import CONSORTIUM, Actor, member_audience
from provenance.events.models import Event, Outcome
from provenance.events.services import Evidence, record_event


def record_decision(
    *, actor: Actor, decision: Decision, job: uuid.UUID | None = None, approval: str = ""
) -> Event:
    """Log a decision with all it was made from, so that ``replay.decide_again`` gives it again (DM:5, DM:14).

    The consortium may read of it. Of a private version only the owner, whoever asked (INV-6); of an answer
    that looked at grants, or at the wish for one, the owner and those who hold them, because requests are
    between these alone. Returns the event that the owner reads.

    Raises:
        RuntimeError: outside a transaction.
        ValueError: the decision is about somebody else.
    """
    if actor != decision.actor:
        raise ValueError("a decision is recorded for the actor that it was made for")
    events = [_record(decision, audience, job, approval) for audience in _audiences(decision)]
    return events[0]


def _audiences(decision: Decision) -> list[str]:
    question, owner = decision.question, member_audience(decision.facts.member)
    if question.is_sealed:
        return [owner]
    holders = {grant.member for grant in question.grants}
    if question.operation is Operation.REQUEST_ACCESS:
        named = question.actor.members if question.party is None else frozenset({question.party})
        holders |= named & question.actor.members
    holders -= {decision.facts.member}
    return [owner, *map(member_audience, sorted(holders))] if holders else [CONSORTIUM]


def _record(decision: Decision, audience: str, job: uuid.UUID | None, approval: str) -> Event:
    question = decision.question
    return record_event(
        actor=decision.actor,
        action=f"access.{decision.operation}",
        subject=f"version:{decision.facts.digest}",
        outcome=Outcome.ALLOWED if decision.allowed else Outcome.DENIED,
        reason_codes=decision.reason_codes,
        audience=audience,
        evidence=Evidence(
            artifact=decision.facts.digest,
            purpose=str(question.purpose or ""),
            place=question.place or "",
            policy_version=decision.policy_version,
            approval=approval,
            job=job,
            details=_rest_of(question),
        ),
    )


def _rest_of(question: Question) -> dict[str, Any]:
    """What of a question has no column of its own in an event."""
    actor = question.actor
    return {
        "facts": question.facts.as_json(),
        "output": str(question.output or ""),
        "asked": {
            "kind": str(actor.kind),
            "roles": sorted([member, role] for member, role in actor.roles),
            "key": actor.key,
            "at": question.at.isoformat(),
            "party": question.party or "",
            "grants": [grant.as_json() for grant in question.grants],
        },
    }
