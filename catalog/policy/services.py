import uuid

from catalog.policy.decisions import Decision
from catalog.tiers import RULES, Metadata
from provenance.actors import CONSORTIUM, Actor, member_audience
from provenance.events.models import Event, Outcome
from provenance.events.services import Evidence, record_event


def record_decision(
    *, actor: Actor, decision: Decision, job: uuid.UUID | None = None, approval: str = ""
) -> Event:
    """Log a decision with the facts it was made from, so that it can be made again (DM:5, DM:14).

    The consortium may read of it; of a private version only the owner, whoever asked (INV-6).

    Raises:
        RuntimeError: outside a transaction.
    """
    facts = decision.facts
    sealed = RULES[facts.tier].metadata is Metadata.SEALED
    output = str(decision.output) if decision.output else ""
    return record_event(
        actor=actor,
        action=f"access.{decision.operation}",
        subject=f"version:{facts.digest}",
        outcome=Outcome.ALLOWED if decision.allowed else Outcome.DENIED,
        reason_codes=decision.reason_codes,
        audience=member_audience(facts.member) if sealed else CONSORTIUM,
        evidence=Evidence(
            artifact=facts.digest,
            purpose=str(decision.purpose or ""),
            place=decision.place or "",
            policy_version=decision.policy_version,
            approval=approval,
            job=job,
            details={"facts": facts.as_json(), "output": output},
        ),
    )
