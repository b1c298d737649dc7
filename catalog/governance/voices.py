"""Who has a voice: a member, through any one of its maintainers, and nobody else (INV-7)."""

from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from catalog.members.models import Member, Membership, Role
from provenance.actors import Actor, ActorKind
from provenance.errors import Invalid, NotPermitted

LEAST_VOICES: Final = 2  # one member alone is no consortium


def members_with_a_voice() -> QuerySet[Member]:
    """Return the members that have a maintainer whose account is not closed."""
    having = Member.objects.filter(memberships__role=Role.MAINTAINER, memberships__user__is_active=True)
    return having.distinct()


def maintainers_besides(member_id: int) -> QuerySet[Membership]:
    """Return the memberships by which people may decide on what a member brought in: active maintainers.

    A person who also belongs to that member is none of them, whatever else they maintain.
    """
    at_home = Membership.objects.filter(user=OuterRef("user"), member=member_id)
    maintainers = Membership.objects.filter(role=Role.MAINTAINER, user__is_active=True)
    return maintainers.filter(~Exists(at_home))


def voice_of(actor: Actor, member: Member | None = None) -> Member:
    """Return the member that ``actor`` speaks for; ``member`` names one of several.

    The operator has no voice, because rights come from memberships alone.

    Raises:
        NotPermitted: code ``not-a-maintainer``.
        Invalid: code ``member-ambiguous``, for a maintainer of several members who named none.
    """
    held = actor.members_with(Role.MAINTAINER) if actor.kind is ActorKind.PERSON else frozenset()
    if not held or (member is not None and member.slug not in held):
        raise NotPermitted(
            "Only maintainers move and vote, each for their own member.",
            code="not-a-maintainer",
            requirement="INV-7",
            remedy="Ask a maintainer of your member.",
        )
    if member is None and len(held) > 1:
        message = "You maintain several members: say for which one you speak."
        raise Invalid(message, code="member-ambiguous", fields={"member": [message]})
    return member or Member.objects.get(slug=min(held))
