"""Whose word counts on a request, and its row held still while it is spoken."""

from catalog.access.models import AccessRequest
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.members.models import Role
from provenance.actors import Actor, ActorKind
from provenance.errors import NotFound, NotPermitted


def lock_request(actor: Actor, request: AccessRequest) -> AccessRequest:
    """Return the request as it stands now, its row locked until the transaction ends.

    Raises:
        NotFound: there is no such request for this actor.
    """
    visible = AccessRequest.objects.visible_to(actor).select_related("dataset__member", "member")
    found = visible.select_for_update(of=("self",)).filter(pk=request.pk).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def require_owner(actor: Actor, request: AccessRequest) -> None:
    """Refuse everybody but stewards of the owner, and of these whoever belongs to the asking member as well.

    Raises:
        NotPermitted: codes ``not-a-steward`` or ``recused``.
    """
    owner = request.dataset.member
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.STEWARD, member=owner.slug):
        raise NotPermitted(
            f"Only a data steward of {owner} decides on this.",
            code="not-a-steward",
            remedy=f"Ask a steward of {owner}.",
        )
    if request.member.slug in actor.members:
        raise NotPermitted(
            f"You belong to {request.member}, which asks.",
            code="recused",
            remedy=f"Another steward of {owner} decides.",
        )


def may_decide(actor: Actor, request: AccessRequest) -> bool:
    """Tell whether ``require_owner`` would let the actor pass."""
    try:
        require_owner(actor, request)
    except NotPermitted:
        return False
    return True


def require_asker(actor: Actor, request: AccessRequest) -> None:
    """Refuse everybody but people of the asking member.

    Raises:
        NotPermitted: code ``not-of-the-asking-member``.
    """
    if actor.kind is not ActorKind.PERSON or request.member.slug not in actor.members:
        raise NotPermitted(
            f"Only people of {request.member}, which asks, may do this.", code="not-of-the-asking-member"
        )


def newest_visible(actor: Actor, dataset: Dataset) -> DatasetVersion:
    """Return the newest version of an entry, with entry and member.

    Raises:
        NotFound: the actor may not discover it.
    """
    versions = DatasetVersion.objects.visible_to(actor).filter(dataset=dataset.pk)
    found = versions.select_related("dataset__member").order_by("-number").first()
    if found is None:
        raise NotFound("There is no such dataset.")
    return found
