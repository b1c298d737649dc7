from dataclasses import dataclass

import pytest

from catalog.governance.models import Ballot, Choice, Motion, MotionKind
from catalog.governance.services import move, vote
from catalog.members.models import Role
from provenance.actors import Actor
from tests.factories import make_actor, make_member


@dataclass(frozen=True)
class House:
    """Five members with a maintainer each, and one without."""

    maintainers: tuple[Actor, ...]

    def move(self, key: str = "review.quorum", value: int = 3, by: int = 0) -> Motion:
        change = {"key": key, "value": value}
        return move(actor=self.maintainers[by], kind=MotionKind.SETTING, change=change, reason="We grew.")

    def vote(self, motion: Motion, by: int, choice: Choice = Choice.YES) -> Ballot:
        return vote(actor=self.maintainers[by], motion=motion, choice=choice)

    def carry(self, motion: Motion) -> Motion:
        for by in range(3):
            self.vote(motion, by)
        motion.refresh_from_db()
        return motion


@pytest.fixture
def house(db: None) -> House:
    make_actor("silent", Role.STEWARD)
    return House(tuple(make_actor(make_member(f"member-{n}"), Role.MAINTAINER) for n in range(5)))
