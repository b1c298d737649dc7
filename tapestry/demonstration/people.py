"""Who acts for the demonstration: its people as actors, each by what the consortium's file says of them."""

from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from provenance.actors import Actor
from tapestry.demonstration.consortium import Consortium


def person(consortium: Consortium, *, member: str, role: str) -> Actor:
    """Return the first person with this role at this member, as an actor."""
    email = next(p.email for p in consortium.people if p.member == member and p.role == str(role))
    return actor_of(User.objects.get(email=email))


def maintainers(consortium: Consortium, *, without: str) -> list[Actor]:
    """Return one maintainer of each member but ``without``, in the order of the consortium's file."""
    slugs = dict.fromkeys(
        p.member for p in consortium.people if p.role == "maintainer" and p.member not in (None, without)
    )
    return [person(consortium, member=str(slug), role=Role.MAINTAINER) for slug in slugs]
