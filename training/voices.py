"""For which member a maintainer speaks, and when nobody of a member may (INV-7)."""

from catalog.members.models import Member, Role, User
from provenance.actors import Actor, ActorKind
from provenance.errors import Invalid, NotPermitted


def voice_of(actor: Actor, *, recused: str = "", member: str | None = None) -> Member:
    """Return the member that ``actor`` speaks for as a maintainer; ``member`` names one of several.

    Whoever belongs to the ``recused`` member in any role has no voice, under no other hat either. The
    operator has none, because rights come from memberships alone.

    Raises:
        NotPermitted: ``not-a-maintainer``, ``recused``.
        Invalid: ``member-ambiguous``, when the actor is a maintainer of several members and named none.
    """
    held = actor.members_with(Role.MAINTAINER) if actor.kind is ActorKind.PERSON else frozenset()
    if member is not None:
        held &= {member}
    if not held:
        raise _no_maintainer()
    if recused in actor.members:
        raise NotPermitted(
            f"You belong to {recused}, so you can not decide on what {recused} brought in.",
            code="recused",
            remedy="Maintainers of other members decide on it.",
        )
    if len(held) > 1:
        raise Invalid(
            f"You are a maintainer of several members: {', '.join(sorted(held))}.",
            code="member-ambiguous",
            remedy="Name the member that you speak for.",
        )
    return Member.objects.get(slug=min(held))


def require_maintainer(actor: Actor) -> None:
    """Return if ``actor`` is a person and a maintainer of some member.

    Raises:
        NotPermitted: ``not-a-maintainer``.
    """
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.MAINTAINER):
        raise _no_maintainer()


def person_of(actor: Actor) -> User:
    """Return the person behind an actor whose voice was already heard."""
    return User.objects.get(pk=actor.key)


def voices_besides(*slugs: str) -> list[str]:
    """Return the names of the members, other than ``slugs``, that have a maintainer who could still speak."""
    return list(
        Member.objects.filter(memberships__role=Role.MAINTAINER, memberships__user__is_active=True)
        .exclude(slug__in=slugs)
        .distinct()
        .order_by("name")
        .values_list("name", flat=True)
    )


def _no_maintainer() -> NotPermitted:
    return NotPermitted(
        "Only a maintainer of a member decides here.",
        code="not-a-maintainer",
        requirement="INV-7",
        remedy="Ask a maintainer of your member.",
    )
