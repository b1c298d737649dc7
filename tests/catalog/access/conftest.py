"""An owner with a train-only entry, a member that asks, and one that has nothing to do with it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from catalog.access.models import AccessRequest
from catalog.access.services import request_access
from catalog.datasets.models import Dataset
from catalog.members.models import Member, Role
from catalog.tiers import Purpose, Tier
from provenance.actors import Actor
from tests.factories import make_actor, make_dataset, make_member

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Scene:
    entry: Dataset
    asking: Member
    researcher: Actor
    steward: Actor
    outsider: Actor

    def ask(self, **changes: object) -> AccessRequest:
        words = {"project": "A model for nurses", "scope": "Fine-tuning, two runs", "days": 30, "at": NOON}
        who = {"actor": self.researcher, "member": self.asking, "dataset": self.entry}
        return request_access(**{**who, "purpose": Purpose.SOVEREIGN_BUILD, **words, **changes})


@pytest.fixture
def scene(db: None) -> Scene:
    owner, asking = make_member("owner"), make_member("asking")
    return Scene(
        entry=make_dataset(Tier.TRAIN_ONLY, member=owner, slug="songs"),
        asking=asking,
        researcher=make_actor(asking, Role.RESEARCHER),
        steward=make_actor(owner, Role.STEWARD),
        outsider=make_actor("third", Role.STEWARD),
    )
