"""Getting a proposal for a page: hidden ones look missing, and only its stewards edit it."""

import uuid

from django.http import Http404, HttpRequest

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.proposals.access import require_steward
from catalog.proposals.models import Proposal
from catalog.proposals.states import EDITABLE
from provenance.actors import Actor
from provenance.errors import Conflict


def proposal_for(request: HttpRequest, key: uuid.UUID) -> tuple[Actor, Proposal]:
    """Return who asks and the proposal; Http404 for what is missing and what is hidden (INV-6)."""
    actor = actor_of(request.user)
    proposal = (
        Proposal.objects.visible_to(actor)
        .select_related("member", "dataset", "created_by")
        .filter(pk=key)
        .first()
    )
    if proposal is None:
        raise Http404
    return actor, proposal


def draft_for(request: HttpRequest, key: uuid.UUID) -> tuple[Actor, Proposal]:
    """Return who asks and a draft that they may edit now.

    Raises:
        Http404: as ``proposal_for``.
        NotPermitted: code ``not-a-steward``.
        Conflict: code ``not-editable``.
    """
    actor, proposal = proposal_for(request, key)
    require_steward(actor, proposal.member)
    if proposal.state not in EDITABLE:
        raise Conflict(
            f"This proposal is {proposal.get_state_display()} and can not be edited.",
            code="not-editable",
            remedy="Wait for the review, or withdraw it and start a new one.",
        )
    return actor, proposal


def may_edit(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the actor is a steward who may edit it now."""
    return proposal.state in EDITABLE and actor.has_role(Role.STEWARD, member=proposal.member.slug)
