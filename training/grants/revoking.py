"""Ends of a grant before its time: given back, revoked by somebody, or ended with what it rests on."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.access.models import AccessRequest
from catalog.access.states import AccessState
from catalog.datasets.models import Dataset
from catalog.members.models import Role
from provenance.actors import Actor
from provenance.errors import Conflict, NotFound, NotPermitted
from training.grants.events import record_grant_event
from training.grants.models import DataGrant
from training.grants.standing import live_grants
from training.nodes.models import Node


def may_revoke(actor: Actor, grant: DataGrant) -> bool:
    """Tell whether the actor stands for the data's member, as steward or maintainer, or for the node's."""
    owner, operator = grant.version.dataset.member.slug, grant.node.member.slug
    by_owner = actor.has_role(Role.STEWARD, member=owner) or actor.has_role(Role.MAINTAINER, member=owner)
    return by_owner or actor.has_role(Role.MAINTAINER, member=operator)


@transaction.atomic
def revoke_grant(actor: Actor, key: UUID, *, because: str = "revoked") -> DataGrant:
    """Take a grant back; a read that is under way ends before its next byte (DM:17).

    Raises:
        NotFound: there is none, or the actor belongs to neither of its members.
        NotPermitted: ``not-their-grant``: the actor's roles do not include it.
        Conflict: ``grant-ended``.
    """
    grant = _rows(DataGrant.objects.filter(pk=key)).first()
    parties = {grant.version.dataset.member.slug, grant.node.member.slug} if grant else set()
    if grant is None or not parties & actor.members:
        raise NotFound("There is no such grant.")
    if not may_revoke(actor, grant):
        raise NotPermitted(
            "A steward or maintainer of the data's member, or a maintainer of the node's, revokes a grant.",
            code="not-their-grant",
            requirement="DM:9",
        )
    if not _end(actor, live_grants().filter(pk=key), because=because):
        raise Conflict("This grant has ended already.", code="grant-ended")
    grant.refresh_from_db()
    return grant


@transaction.atomic
def give_back(node: Node, key: UUID) -> None:
    """End a node's own grant; once more changes nothing.

    Raises:
        NotFound: it has none with this id.
    """
    mine = DataGrant.objects.filter(pk=key, node=node)
    if not mine.exists():
        raise NotFound("There is no such grant.", code="grant-not-found")
    _end(node.actor, live_grants().filter(pk__in=mine), because="given-back")


def revoke_grants_of_node(node: Node, *, actor: Actor, because: str) -> int:
    """End what a node holds, inside the transaction that stops the node; return how many."""
    return _end(actor, live_grants().filter(node=node), because=because)


def revoke_grants_on(dataset: Dataset, *, actor: Actor, because: str) -> int:
    """End what is held on an entry, inside the transaction that withdraws it; return how many."""
    return _end(actor, live_grants().filter(version__dataset=dataset), because=because)


def end_with_access(*, request: AccessRequest, actor: Actor, action: str, **_signal: Any) -> None:
    """End what rests on a granted request that ended, inside the transaction that ended it."""
    if request.state != AccessState.GRANTED:
        resting = live_grants().filter(manifest__access__contains=[str(request.pk)])
        _end(actor, resting, because=action.replace(".", "-"))


def _end(actor: Actor, grants: QuerySet[DataGrant], *, because: str) -> int:
    """Mark and log them. Locked first, so that each grant ends once."""
    ended = list(_rows(grants))
    keys = [grant.pk for grant in ended]
    DataGrant.objects.filter(pk__in=keys).update(revoked_at=timezone.now(), revoked_because=because)
    for grant in ended:
        record_grant_event(grant, "grant.revoked", actor=actor, reason_codes=[because])
    return len(ended)


def _rows(grants: QuerySet[DataGrant]) -> QuerySet[DataGrant]:
    return grants.select_related("node__member", "version__dataset__member").select_for_update(of=("self",))
