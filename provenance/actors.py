"""Who acts, as every service receives it and every event copies it (DM:13)."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PUBLIC: Final = "public"
CONSORTIUM: Final = "consortium"


def member_audience(slug: str) -> str:
    """Return the audience that holds only the people and nodes of one member."""
    return f"member:{slug}"


class ActorKind(StrEnum):
    """What sort of caller an actor is."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    NODE = "node"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated (or anonymous) caller and what it belongs to.

    Attributes:
        identifier: stable id that stays in events for ever, such as ``person:7`` or a node's ``did:key``.
        label: the name as it was at the time, for people who read the log.
        roles: pairs of (member slug, role); roles are held per member and never globally.
        key: database id of the person or node; 0 for the others.
    """

    kind: ActorKind
    identifier: str
    label: str
    roles: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    key: int = 0

    @property
    def members(self) -> frozenset[str]:
        """Slugs of the members this actor belongs to."""
        return frozenset(slug for slug, _ in self.roles)

    @property
    def member(self) -> str:
        """The one member an event names; empty when there is none, the first in order when several."""
        return min(self.members, default="")

    @property
    def audiences(self) -> frozenset[str]:
        """Every audience whose records this actor may discover (INV-6)."""
        if not self.members:
            return frozenset({PUBLIC})
        return frozenset({PUBLIC, CONSORTIUM, *(member_audience(slug) for slug in self.members)})

    def has_role(self, role: str, *, member: str | None = None) -> bool:
        """Tell whether the actor holds ``role``, anywhere or for one member."""
        return any(held == role and member in (None, slug) for slug, held in self.roles)

    def members_with(self, role: str) -> frozenset[str]:
        """Slugs of the members for which the actor holds ``role``."""
        return frozenset(slug for slug, held in self.roles if held == role)


ANONYMOUS: Final = Actor(ActorKind.ANONYMOUS, "anonymous", "anonymous")
COORDINATOR: Final = Actor(ActorKind.SERVICE, "service:coordinator", "coordinator")
