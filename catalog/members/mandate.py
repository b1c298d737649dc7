"""Who may hand out what: a voice comes by votes, or from the member whose it is, never from the operator."""

from catalog.governance.models import Motion
from catalog.governance.states import MotionState
from catalog.members.founding import is_founded
from catalog.members.models import Member, Role, User
from provenance.actors import Actor, ActorKind
from provenance.errors import NotPermitted


def require_mandate(motion: Motion | None, *abouts: str) -> None:
    """Return if the members carried a motion about one of ``abouts``, or if the founding is not over.

    Raises:
        NotPermitted: code ``vote-needed``.
    """
    if motion is None and not is_founded():
        return
    if motion is None or motion.state != MotionState.CARRIED or motion.about not in abouts:
        raise NotPermitted(
            "The members decide this by vote.",
            code="vote-needed",
            requirement="INV-7",
            remedy="A maintainer opens a motion at /governance/.",
        )


def require_power(actor: Actor, *, member: Member, user: User, role: Role, motion: Motion | None) -> None:
    """Return if ``actor`` may give or take this role.

    A maintainer hands out the roles of the own member, but for community reviewers, on whom all members vote.
    The coordinator enters roles without a voice; the others with a mandate: for a member that was admitted,
    for one that has lost its last maintainer, or for a community reviewer.

    Raises:
        NotPermitted: the actor is neither the coordinator nor a maintainer of the member; ``vote-needed``.
    """
    named = f"role:{role}:{member.slug}:person:{user.pk}"
    if actor.kind is ActorKind.SERVICE:
        if role in {Role.MAINTAINER, Role.COMMUNITY}:
            require_mandate(motion, named, *([f"member:{member.slug}"] if role == Role.MAINTAINER else []))
        return
    if not actor.has_role(Role.MAINTAINER, member=member.slug):
        raise NotPermitted(f"Only a maintainer of {member} hands out its roles.", requirement="DM:13")
    if role == Role.COMMUNITY:
        raise NotPermitted(
            "All members vote on who is a community reviewer.", code="vote-needed", requirement="INV-7"
        )
