"""Who may touch a proposal, and its row held still while they do."""

from catalog.members.models import Member, Role
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE
from provenance.actors import CONSORTIUM, Actor, ActorKind, member_audience
from provenance.errors import Conflict, NotFound, NotPermitted


def require_steward(actor: Actor, member: Member) -> None:
    """Refuse everybody but people who are stewards of ``member``.

    Raises:
        NotPermitted: code ``not-a-steward``.
    """
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.STEWARD, member=member.slug):
        raise NotPermitted(
            f"Only a data steward of {member} may do this.",
            code="not-a-steward",
            remedy=f"Ask a steward of {member}.",
        )


def lock_proposal(actor: Actor, proposal: Proposal) -> Proposal:
    """Return the proposal as it stands now, its row locked until the transaction ends.

    Raises:
        NotFound: there is no such proposal for this actor.
    """
    visible = Proposal.objects.visible_to(actor).select_related("member", "dataset")
    found = visible.select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def lock_for_editing(actor: Actor, proposal: Proposal) -> Proposal:
    """Return the locked proposal to one of its stewards, if it may be edited now.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: code ``not-a-steward``.
        Conflict: code ``not-editable``.
    """
    found = lock_proposal(actor, proposal)
    require_steward(actor, found.member)
    if found.state not in EDITABLE:
        raise Conflict(
            f"This proposal is {found.get_state_display()} and can not be edited.",
            code="not-editable",
            remedy="Wait for the review, or withdraw it and start a new one.",
        )
    return found


def audience_of(proposal: Proposal) -> str:
    """Return who may read of this proposal in the log: as ``Proposal.objects.visible_to`` has it."""
    hidden = proposal.submitted_at is None or proposal.record.get("tier") == "private"
    return member_audience(proposal.member.slug) if hidden else CONSORTIUM
