"""Counting ballots. A voice is a member's; only members that have one when it is counted count."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from catalog.governance.models import Ballot, Choice
from catalog.governance.states import MotionState
from catalog.governance.voices import LEAST_VOICES, members_with_a_voice


@dataclass(frozen=True, slots=True)
class Tally:
    """How a motion stands: members that said yes, no, neither, and all that have a voice."""

    yes: int
    no: int
    abstain: int
    voices: int

    @property
    def needed(self) -> int:
        """So many members must say yes: more than half of all, two at least."""
        return max(self.voices // 2 + 1, LEAST_VOICES)

    @property
    def silent(self) -> int:
        """Members that have not voted."""
        return self.voices - self.yes - self.no - self.abstain

    @property
    def missing(self) -> int:
        """How many more have to say yes."""
        return max(self.needed - self.yes, 0)

    def outcome(self, *, over: bool) -> MotionState | None:
        """Return what the ballots come to: decided as soon as the rest can not change it; None till then."""
        if not self.missing:
            return MotionState.CARRIED
        if self.missing > self.silent:
            return MotionState.LOST
        return MotionState.LAPSED if over else None


def tallies_of(motions: Collection[uuid.UUID]) -> dict[uuid.UUID, Tally]:
    """Return the tally of each motion, in two queries however many there are."""
    voices = set(members_with_a_voice().order_by().values_list("pk", flat=True))
    cast = Ballot.objects.filter(motion__in=motions, member__in=voices)
    counts = Counter(cast.order_by().values_list("motion_id", "choice"))
    return {
        key: Tally(counts[key, Choice.YES], counts[key, Choice.NO], counts[key, Choice.ABSTAIN], len(voices))
        for key in motions
    }


def tally_of(motion: uuid.UUID) -> Tally:
    """Return the tally of one motion."""
    return tallies_of([motion])[motion]
