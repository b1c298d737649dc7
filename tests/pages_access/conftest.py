"""One waiting request between two members, and a browser for each kind of reader."""

from dataclasses import dataclass

import pytest
from django.test import Client

from catalog.access.models import AccessRequest
from catalog.access.services import request_access
from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.members.models import Role, User
from catalog.tiers import Purpose, Tier
from tests.factories import make_dataset, make_member, make_person

READERS = ("anonymous", "asker", "steward", "colleague", "outsider")


@dataclass(frozen=True)
class Desk:
    """``steward`` and ``colleague`` (a maintainer) belong to the owner, ``asker`` to the asking member."""

    entries: dict[str, Dataset]
    people: dict[str, User | None]
    request: AccessRequest

    def client(self, who: str) -> Client:
        browser = Client()
        person = self.people[who]
        if person is not None:
            browser.force_login(person)
        return browser

    def ask(self, project: str, dataset: Dataset | None = None) -> AccessRequest:
        return request_access(
            actor=actor_of(self.people["asker"]),
            dataset=dataset or self.entries["train-only"],
            member=make_member("asking"),
            purpose=Purpose.SOVEREIGN_BUILD,
            project=project,
            scope="Two runs",
            days=30,
        )


@pytest.fixture
def desk(db: None) -> Desk:
    owner = make_member("owner")
    people = {
        "anonymous": None,
        "asker": make_person("asking", Role.RESEARCHER),
        "steward": make_person(owner, Role.STEWARD),
        "colleague": make_person(owner, Role.MAINTAINER),
        "outsider": make_person("third", Role.STEWARD),
    }
    entries = {str(tier): make_dataset(tier, member=owner, slug=f"entry-{tier}") for tier in Tier}
    draft = Desk(entries, people, AccessRequest())
    return Desk(entries, people, draft.ask("A model for nurses"))
