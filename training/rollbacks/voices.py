"""Who has a word on a rollback, and how its vote stands (INV-7)."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.governance.voices import members_with_a_voice
from catalog.members.models import Member
from provenance.actors import Actor
from training.contributions.models import Contribution
from training.rollbacks.models import Rollback, RollbackVoice
from training.voices import voice_of


@dataclass(frozen=True, slots=True)
class Tally:
    """A vote as it stands: ``needed`` equal words decide, ``left`` have not spoken, ``recused`` never do."""

    voices: tuple[RollbackVoice, ...]
    needed: int
    left: tuple[Member, ...]
    recused: tuple[Member, ...]

    @property
    def agreeing(self) -> int:
        """How many members are for it."""
        return sum(voice.agrees for voice in self.voices)

    @property
    def is_carried(self) -> bool:
        """Whether enough members are for it."""
        return self.agreeing >= self.needed

    @property
    def is_lost(self) -> bool:
        """Whether enough are against it, or too few are left to carry it."""
        against = len(self.voices) - self.agreeing
        return against >= self.needed or self.agreeing + len(self.left) < self.needed


def tally_of(rollback: Rollback) -> Tally:
    """Return how the vote stands, from the rows."""
    voices = tuple(rollback.voices.select_related("member", "maintainer"))
    recused = recused_from(rollback.contributions.select_related("job__node__member"))
    spoken = {voice.member_id for voice in voices}
    left = tuple(each for each in electorate(recused) if each.pk not in spoken)
    return Tally(voices, rollback.quorum, left, recused)


def recused_from(contributions: Collection[Contribution]) -> tuple[Member, ...]:
    """Return the members whose contributions are named: they may propose, and have no word.

    Those whose later work level 2 leaves out as well do have one: nobody decides on it, it follows.
    """
    members = {each.job.node.member_id: each.job.node.member for each in contributions}
    return tuple(sorted(members.values(), key=lambda member: member.name))


def electorate(recused: Collection[Member]) -> list[Member]:
    """Return the members that have a word beside the recused."""
    others = members_with_a_voice().exclude(pk__in=[member.pk for member in recused])
    return list(others.order_by("name"))


def speaker_for(actor: Actor, recused: Collection[Member], member: str | None) -> Member:
    """Return the member that the actor speaks for. Raises as `training.voices.voice_of` does."""
    own = {each.slug for each in recused} & actor.members
    return voice_of(actor, recused=min(own, default=""), member=member)
