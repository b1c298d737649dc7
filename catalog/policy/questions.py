"""A question to the policy: all that an answer may depend on, and nothing that needs a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from catalog.policy.facts import Facts
from catalog.policy.operations import Operation
from catalog.tiers import RULES, Metadata, Purpose, Tier, TierRules
from provenance.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFact:
    """A granted request for access: ``member`` may use one entry for one purpose, until ``expires_at``.

    ``id`` is the request's; ``dataset`` the slug of the entry, and a grant counts for no other.
    """

    id: str
    member: str
    purpose: Purpose
    expires_at: datetime
    dataset: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the grant as it is kept with a recorded decision."""
        return {
            "id": str(self.id),
            "dataset": self.dataset,
            "member": self.member,
            "purpose": str(self.purpose),
            "expires_at": self.expires_at.isoformat(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` wrote."""
        return cls(
            id=data["id"],
            dataset=data["dataset"],
            member=data["member"],
            purpose=Purpose(data["purpose"]),
            expires_at=datetime.fromisoformat(data["expires_at"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who wants to do what with which version; the arguments are those of ``decide``."""

    actor: Actor
    operation: Operation
    facts: Facts
    at: datetime
    purpose: Purpose | None = None
    place: str | None = None
    output: Tier | None = None
    party: str | None = None
    grants: tuple[GrantFact, ...] = ()

    @property
    def tier(self) -> Tier:
        """The tier that binds: the version's own, or private once its entry became so."""
        return Tier.PRIVATE if self.facts.entry_sealed else self.facts.tier

    @property
    def rules(self) -> TierRules:
        """What the tier that binds allows."""
        return RULES[self.tier]

    @property
    def is_owner(self) -> bool:
        """Whether the actor belongs to the member that owns the version."""
        return self.facts.member in self.actor.members

    @property
    def is_sealed(self) -> bool:
        """Whether only the owner may know of the version."""
        return self.rules.metadata is Metadata.SEALED

    @property
    def is_person_of_owner(self) -> bool:
        """Whether the actor is one of the owner's people, not one of its nodes."""
        return self.is_owner and self.actor.kind is ActorKind.PERSON

    @property
    def outsiders(self) -> frozenset[str]:
        """The members that take part and do not own the version: the actor's own, and whom it works for.

        A node that works for the owner does not become the owner's node by saying so.
        """
        named = frozenset[str]() if self.party is None else frozenset({self.party})
        return (self.actor.members | named) - {self.facts.member}

    @property
    def is_owners_business(self) -> bool:
        """Whether nobody but the owner takes part."""
        return self.is_owner and not self.outsiders

    @property
    def is_embargoed(self) -> bool:
        """Whether the day has not come yet (UTC) on which others may have the data."""
        until = self.facts.embargo_until
        return until is not None and self.at.astimezone(UTC).date() < until

    def grants_of(self, member: str) -> list[GrantFact]:
        """Return the grants that ``member`` was given for this entry and purpose, expired ones as well."""
        return [
            grant
            for grant in self.grants
            if (grant.member, grant.dataset, grant.purpose) == (member, self.facts.dataset, self.purpose)
        ]
