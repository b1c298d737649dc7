"""May this actor do this with that version? A pure function of its arguments (DM:11, DM:14, DM:15, DM:16)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from catalog.policy.facts import Facts
from catalog.policy.operations import Operation
from catalog.policy.questions import GrantFact, Question
from catalog.policy.rules import reasons_against
from catalog.tiers import Purpose, Tier
from provenance.actors import Actor

if TYPE_CHECKING:
    from catalog.datasets.models import DatasetVersion

POLICY_VERSION: Final = "2026-11-3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer with the question it was made from; ``decide`` gives the same one again at any time."""

    allowed: bool
    reason_codes: tuple[str, ...]
    policy_version: str
    question: Question

    @property
    def actor(self) -> Actor:
        """Who asked."""
        return self.question.actor

    @property
    def operation(self) -> Operation:
        """What for."""
        return self.question.operation

    @property
    def facts(self) -> Facts:
        """What of the version it was made from."""
        return self.question.facts


def decide(
    *,
    actor: Actor,
    operation: Operation,
    version_or_facts: "DatasetVersion | Facts",
    purpose: Purpose | None = None,
    place: str | None = None,
    at: datetime | None = None,
    output: Tier | None = None,
    party: str | None = None,
    grants: tuple[GrantFact, ...] = (),
) -> Decision:
    """Decide, with every reason that speaks against it, and without a query.

    Args:
        actor: who asks; for serve-to-node and dispatch the node itself.
        operation: what for.
        version_or_facts: a version (dataset and member selected with it) or its facts.
        purpose: what the bytes or the work are for; serve-to-node and dispatch need one.
        place: where the node stands, ISO 3166-1 alpha-2.
        at: the time that counts for embargoes and grants, with its zone; now, if none is given.
        output: tier of what a derivation makes; derive needs one.
        party: slug of the member for whom the work is done; the actor's own, if none is given.
        grants: what ``catalog.access.reading.grants_for`` found for the entry and the party.
    """
    question = Question(
        actor=actor,
        operation=operation,
        facts=version_or_facts if isinstance(version_or_facts, Facts) else Facts.of(version_or_facts),
        purpose=purpose,
        place=place or None,
        at=at or datetime.now(UTC),
        output=output,
        party=party or None,
        grants=tuple(grants),
    )
    return answer(question)


def answer(question: Question) -> Decision:
    """Answer a question that has been put together already, such as a recorded one."""
    reasons = tuple(str(reason) for reason in reasons_against(question))
    return Decision(
        allowed=not reasons, reason_codes=reasons, policy_version=POLICY_VERSION, question=question
    )
