"""Who may speak on a proposal, and for which member. The operator is none of them (INV-7)."""

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from catalog.governance.voices import maintainers_besides
from catalog.members.models import Member, Membership, Role
from catalog.proposals.models import Proposal
from catalog.review.models import Capacity, Recusal
from provenance.actors import Actor, ActorKind
from provenance.errors import Invalid, NotPermitted

OWN_MEMBER: Final = "own-member"
DECLARED: Final = "declared"


def is_recused(actor: Actor, proposal: Proposal) -> str:
    """Return why a person may not decide: ``own-member``, ``declared``, or nothing where they may."""
    if proposal.member.slug in actor.members:
        return OWN_MEMBER
    return DECLARED if has_declared(actor, proposal) else ""


def has_declared(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the actor gave their word that they will not decide on it."""
    return Recusal.objects.filter(proposal=proposal, person=actor.key).exists()


def capacity_of(actor: Actor, proposal: Proposal) -> Capacity | None:
    """Return as what the actor may speak on the proposal; None where they may not.

    A maintainer of another member speaks with that member's voice. Anybody else who stands for a community
    may block, and no more, also what their own member proposes.
    """
    if actor.kind is not ActorKind.PERSON or has_declared(actor, proposal):
        return None
    if actor.has_role(Role.MAINTAINER) and proposal.member.slug not in actor.members:
        return Capacity.MAINTAINER
    return Capacity.COMMUNITY if actor.has_role(Role.COMMUNITY) else None


def require_capacity(actor: Actor, proposal: Proposal) -> Capacity:
    """Return as what the actor may speak.

    Raises:
        NotPermitted: codes ``not-a-maintainer`` or ``recused``.
    """
    capacity = capacity_of(actor, proposal)
    if capacity is None:
        require_maintainer(actor, proposal)
    return capacity or Capacity.MAINTAINER


def require_maintainer(actor: Actor, proposal: Proposal) -> None:
    """Refuse everybody but maintainers of other members who have not recused themselves.

    Raises:
        NotPermitted: codes ``not-a-maintainer`` or ``recused``.
    """
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.MAINTAINER):
        raise NotPermitted("Only maintainers review proposals.", code="not-a-maintainer", requirement="INV-7")
    why = is_recused(actor, proposal)
    if why:
        own = f"You belong to {proposal.member}, which made this proposal."
        raise NotPermitted(
            own if why == OWN_MEMBER else "You have recused yourself from this proposal.",
            code="recused",
            requirement="INV-7",
            remedy="Maintainers of other members decide.",
        )


def member_spoken_for(actor: Actor, member: Member | None, role: Role = Role.MAINTAINER) -> Member:
    """Return the member for which the actor speaks: ``member``, or the only one where they have the role.

    Raises:
        NotPermitted: code ``not-a-maintainer``, as the role is not theirs at ``member``.
        Invalid: code ``member-ambiguous``.
    """
    slugs = actor.members_with(role)
    if member is not None and member.slug not in slugs:
        raise NotPermitted(
            f"You are no {role.label} of {member}.", code="not-a-maintainer", requirement="INV-7"
        )
    if member is None and len(slugs) > 1:
        message = "You have this role at several members: say for which one you speak."
        raise Invalid(message, code="member-ambiguous", fields={"member": [message]})
    return member or Member.objects.get(slug=min(slugs))


def entitled(proposal: Proposal) -> QuerySet[Membership]:
    """Return the memberships of all who may decide on it: maintainers of other members, not recused."""
    declared = Recusal.objects.filter(person=OuterRef("user"), proposal=proposal)
    return maintainers_besides(proposal.member_id).filter(~Exists(declared))
