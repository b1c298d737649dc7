"""Noes, with the event that each of them leaves (DM:4, DM:5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from catalog.datasets.models import DatasetVersion, audience_of
from catalog.policy import Decision
from catalog.policy.services import record_decision
from provenance.actors import CONSORTIUM, PUBLIC, member_audience
from provenance.errors import DomainError, NotPermitted
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from training.nodes.models import Node


@dataclass(eq=False)
class Refused(Exception):  # noqa: N818 - named for what is the case
    """A no, on its way to the log and then to the caller.

    ``version`` is set only once the caller may know of it; what comes before tells of the request alone, to
    nobody but the caller's own member, so that the log reveals as little as the answer (INV-6).
    """

    error: DomainError
    version: DatasetVersion | None = None
    decision: Decision | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)


def denied(decision: Decision, version: DatasetVersion) -> Refused:
    """Return the refusal for a policy's no."""
    error = NotPermitted(
        f"Policy {decision.policy_version} does not allow this: {', '.join(decision.reason_codes)}.",
        code=decision.reason_codes[0],
        requirement="DM:11",
    )
    return Refused(error, version, decision)


@transaction.atomic
def record_refusal(
    node: Node, refused: Refused, *, action: str = "grant.refused", approval: str = ""
) -> None:
    """Log a no in a transaction of its own, which outlives the one that it ended."""
    if refused.decision is not None:
        record_decision(actor=node.actor, decision=refused.decision, approval=approval)
        return
    version = refused.version
    record_event(
        actor=node.actor,
        action=action,
        subject=f"version:{version.digest}" if version else "",
        outcome=Outcome.DENIED,
        reason_codes=[refused.error.code],
        audience=_audience(version) if version else member_audience(node.member.slug),
        evidence=Evidence(
            artifact=version.digest if version else "",
            place=node.jurisdiction,
            approval=approval,
            details={"asked": dict(refused.asked)} if refused.asked else {},
        ),
    )


def _audience(version: DatasetVersion) -> str:
    public = audience_of(version.tier, version.dataset.member.slug)
    return CONSORTIUM if public == PUBLIC else public
