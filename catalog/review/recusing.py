"""Stepping back from a decision, for good, with a reason that the consortium can read."""

from typing import Final

from django.db import transaction

from catalog.members.models import Role
from catalog.proposals.access import lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState
from catalog.review.assigning import give_up
from catalog.review.models import Assignment, Recusal
from catalog.review.states import AssignmentState
from catalog.review.trail import leave_trail, person
from catalog.review.voices import has_declared, is_recused
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.text import plain_text

LONGEST_REASON: Final = 1000
OPEN_ENDED: Final = (  # where somebody may still have to decide, be it on an appeal
    ProposalState.SUBMITTED,
    ProposalState.IN_REVIEW,
    ProposalState.CHANGES_REQUESTED,
    ProposalState.REJECTED,
    ProposalState.BLOCKED,
)

__all__ = ["is_recused", "recuse_oneself"]


@transaction.atomic
def recuse_oneself(*, actor: Actor, proposal: Proposal, reason: str) -> Recusal:
    """Give one's word not to decide on this proposal, in this revision or any later one, nor on an appeal.

    What the person said before stands, as it was said in good faith and others have relied on it; to take it
    back would let one voice undo a decision. Their open assignment goes to somebody else.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: code ``not-a-maintainer``; they have no say that they could give up.
        Conflict: codes ``not-under-review`` or ``recused``; by their word, or as the proposer's own.
        Invalid: codes ``reason-missing`` or ``text-malformed``.
    """
    reason = plain_text(reason, field="reason", longest=LONGEST_REASON)
    found = lock_proposal(actor, proposal)
    if actor.kind is not ActorKind.PERSON or not (
        actor.has_role(Role.MAINTAINER) or actor.has_role(Role.COMMUNITY)
    ):
        raise NotPermitted("You have no say here.", code="not-a-maintainer", requirement="INV-7")
    if found.state not in OPEN_ENDED:
        raise Conflict("Nothing is decided on it any more.", code="not-under-review")
    at_home = found.member.slug in actor.members and not actor.has_role(Role.COMMUNITY)
    if at_home or has_declared(actor, found):
        raise Conflict("You are recused already.", code="recused")
    if not reason:
        message = "Say why, in a few words."
        raise Invalid(message, code="reason-missing", fields={"reason": [message]})
    recusal = Recusal.objects.create(proposal=found, person_id=actor.key, reason=reason)
    leave_trail(actor, found, "proposal.recused", person=person(actor.key))
    held = Assignment.objects.filter(proposal=found, reviewer=actor.key, state=AssignmentState.OPEN).first()
    if held is not None:
        held.proposal = found
        give_up(actor, held)
    return recusal
