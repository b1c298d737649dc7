"""Admitting members and handing out roles. The consortium decides on members; the coordinator enters them."""

from django.db import transaction

from catalog.members.models import Member, Membership, Role, User
from provenance.actors import CONSORTIUM, Actor, ActorKind
from provenance.errors import Conflict, NotPermitted
from provenance.events.services import Evidence, record_event


@transaction.atomic
def admit_member(
    *,
    actor: Actor,
    slug: str,
    name: str,
    region: str,
    country: str,
    about: dict[str, str] | None = None,
    homepage: str = "",
) -> Member:
    """Enter an organisation into the consortium.

    Args:
        actor: the coordinator; no person holds this power.
        slug: its short name for addresses.
        name: its name.
        region: part of the world, for maps and lists.
        country: ISO 3166-1 alpha-2.
        about: what it is, text per BCP-47 tag.
        homepage: URL.

    Raises:
        NotPermitted: the actor is not the coordinator.
        Conflict: code ``member-exists``.
    """
    if actor.kind is not ActorKind.SERVICE:
        raise NotPermitted("Only the coordinator enters members.", requirement="INV-7")
    if Member.objects.filter(slug=slug).exists():
        raise Conflict(f"There is a member {slug} already.", code="member-exists")
    member = Member.objects.create(
        slug=slug, name=name, region=region, country=country, about=about or {}, homepage=homepage
    )
    record_event(actor=actor, action="member.admitted", subject=f"member:{slug}")
    return member


@transaction.atomic
def grant_role(*, actor: Actor, user: User, member: Member, role: Role) -> Membership:
    """Give a person a role at a member; the same role twice is one.

    Raises:
        NotPermitted: the actor is neither the coordinator nor a maintainer of the member.
    """
    _require_power(actor, member)
    membership, fresh = Membership.objects.get_or_create(user=user, member=member, role=Role(role))
    user.__dict__.pop("_actor", None)
    if fresh:
        _log(actor, member, user, role, "role.granted")
    return membership


@transaction.atomic
def revoke_role(*, actor: Actor, user: User, member: Member, role: Role) -> None:
    """Take a role from a person; nothing happens when it was not held.

    Raises:
        NotPermitted: the actor is neither the coordinator nor a maintainer of the member.
    """
    _require_power(actor, member)
    taken, _ = Membership.objects.filter(user=user, member=member, role=Role(role)).delete()
    user.__dict__.pop("_actor", None)
    if taken:
        _log(actor, member, user, role, "role.revoked")


def _require_power(actor: Actor, member: Member) -> None:
    if actor.kind is not ActorKind.SERVICE and not actor.has_role(Role.MAINTAINER, member=member.slug):
        raise NotPermitted(f"Only a maintainer of {member} hands out its roles.", requirement="DM:13")


def _log(actor: Actor, member: Member, user: User, role: Role, action: str) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"member:{member.slug}",
        audience=CONSORTIUM,
        evidence=Evidence(details={"person": f"person:{user.pk}", "role": str(role)}),
    )
