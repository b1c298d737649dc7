"""A recorded answer, given again from its event alone (DM:14)."""

from datetime import datetime

from catalog.policy.decisions import POLICY_VERSION, Decision, answer
from catalog.policy.facts import Facts
from catalog.policy.operations import Operation
from catalog.policy.questions import GrantFact, Question
from catalog.tiers import Purpose, Tier
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid
from provenance.events.models import Event


def decide_again(event: Event) -> Decision:
    """Return the decision that ``event`` records, made again by today's code from what the event holds.

    Raises:
        Invalid: code ``not-a-decision``, when the event records something else.
        Conflict: code ``policy-version-differs``; another version of the policy answered, and this one
            could only guess what that one would say.
    """
    if not event.policy_version or event.action.removeprefix("access.") not in set(Operation):
        raise Invalid("This event records no decision of the policy.", code="not-a-decision")
    if event.policy_version != POLICY_VERSION:
        raise Conflict(
            f"Policy {event.policy_version} gave this answer; the code here is policy {POLICY_VERSION}.",
            code="policy-version-differs",
            requirement="DM:14",
            remedy=f"Run the release that carries policy {event.policy_version}.",
        )
    return answer(_question_of(event))


def _question_of(event: Event) -> Question:
    asked, output = event.details["asked"], event.details["output"]
    return Question(
        actor=_actor_of(event),
        operation=Operation(event.action.removeprefix("access.")),
        facts=Facts.from_json(event.details["facts"]),
        purpose=Purpose(event.purpose) if event.purpose else None,
        place=event.place or None,
        at=datetime.fromisoformat(asked["at"]),
        output=Tier(output) if output else None,
        party=asked["party"] or None,
        grants=tuple(GrantFact.from_json(grant) for grant in asked["grants"]),
    )


def _actor_of(event: Event) -> Actor:
    asked = event.details["asked"]
    roles = frozenset((member, role) for member, role in asked["roles"])
    return Actor(ActorKind(asked["kind"]), event.actor, event.actor_label, roles, asked["key"])
