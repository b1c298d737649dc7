"""Admitting members and handing out roles. The consortium decides; the coordinator enters it (INV-7)."""

from django.db import transaction

from catalog.governance.models import Motion
from catalog.members.mandate import require_mandate, require_power
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
    motion: Motion | None = None,
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
        motion: the carried motion to admit it; needed once the founding is over.

    Raises:
        NotPermitted: the actor is not the coordinator; ``vote-needed``.
        Conflict: code ``member-exists``.
    """
    if actor.kind is not ActorKind.SERVICE:
        raise NotPermitted("Only the coordinator enters members.", requirement="INV-7")
    require_mandate(motion, f"member:{slug}")
    if Member.objects.filter(slug=slug).exists():
        raise Conflict(f"There is a member {slug} already.", code="member-exists")
    member = Member.objects.create(
        slug=slug, name=name, region=region, country=country, about=about or {}, homepage=homepage
    )
    record_event(
        actor=actor,
        action="member.admitted",
        subject=f"member:{slug}",
        evidence=Evidence(approval=f"motion:{motion.pk}" if motion else ""),
    )
    return member


@transaction.atomic
def grant_role(
    *, actor: Actor, user: User, member: Member, role: Role, motion: Motion | None = None
) -> Membership:
    """Give a person a role at a member; the same role twice is one.

    Raises:
        NotPermitted: the actor is neither the coordinator nor a maintainer of the member; ``vote-needed``,
            see ``mandate``.
    """
    require_power(actor, member=member, user=user, role=role, motion=motion)
    membership, fresh = Membership.objects.get_or_create(user=user, member=member, role=Role(role))
    user.__dict__.pop("_actor", None)
    if fresh:
        _log(actor, membership, "role.granted", motion)
    return membership


@transaction.atomic
def revoke_role(
    *, actor: Actor, user: User, member: Member, role: Role, motion: Motion | None = None
) -> None:
    """Take a role from a person; nothing happens when it was not held.

    Raises:
        NotPermitted: as for ``grant_role``.
    """
    require_power(actor, member=member, user=user, role=role, motion=motion)
    held = Membership.objects.filter(user=user, member=member, role=Role(role)).first()
    user.__dict__.pop("_actor", None)
    if held is not None:
        held.delete()
        _log(actor, held, "role.revoked", motion)


def _log(actor: Actor, membership: Membership, action: str, motion: Motion | None) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"member:{membership.member.slug}",
        audience=CONSORTIUM,
        evidence=Evidence(
            approval=f"motion:{motion.pk}" if motion else "",
            details={"person": f"person:{membership.user_id}", "role": str(membership.role)},
        ),
    )
