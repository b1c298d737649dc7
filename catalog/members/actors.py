"""From a signed-in person to the actor that services and querysets ask about."""

from django.contrib.auth.models import AnonymousUser

from catalog.members.models import User
from provenance.actors import ANONYMOUS, Actor, ActorKind


def actor_of(user: User | AnonymousUser) -> Actor:
    """Return the actor for a request's user, with all memberships, in one query and once per user object."""
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    known: Actor | None = user.__dict__.get("_actor")
    if known is None:
        roles = frozenset(user.memberships.values_list("member__slug", "role"))
        known = Actor(ActorKind.PERSON, f"person:{user.pk}", str(user), roles, user.pk)
        user.__dict__["_actor"] = known
    return known
