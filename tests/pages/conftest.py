"""A house with an entry in each tier, and four readers of it; everything made through the services."""

from dataclasses import dataclass

import pytest
from django.test import Client

from catalog.datasets.models import Dataset
from catalog.members.models import Member, Role, User
from catalog.proposals.models import Proposal
from catalog.search import get_index
from catalog.search.reindex import reindex
from catalog.tiers import Tier
from tests.factories import make_dataset, make_draft, make_member, make_person, make_submitted

READERS = ("anonymous", "researcher", "steward", "maintainer")


@dataclass(frozen=True)
class House:
    """``entries`` are of ``member``; steward belongs to it, researcher and maintainer to others."""

    member: Member
    entries: dict[str, Dataset]
    people: dict[str, User | None]
    draft: Proposal
    submitted: Proposal

    def client(self, who: str) -> Client:
        browser = Client()
        person = self.people[who]
        if person is not None:
            browser.force_login(person)
        return browser


@pytest.fixture
def stores(settings, tmp_path) -> None:
    """Blobs and search index of this test alone."""
    settings.BLOB_URL = (tmp_path / "blobs").as_uri()
    settings.VAR = tmp_path
    get_index.cache_clear()


@pytest.fixture
def house(db: None, stores: None) -> House:
    member = make_member("archive")
    people: dict[str, User | None] = {
        "anonymous": None,
        "researcher": make_person(make_member("elsewhere"), Role.RESEARCHER),
        "steward": make_person(member, Role.STEWARD),
        "maintainer": make_person(make_member("judges"), Role.MAINTAINER),
    }
    entries = {
        str(tier): make_dataset(
            tier, member=member, slug=f"entry-{tier}", title={"en": f"Cloth of {tier} thread"}
        )
        for tier in Tier
    }
    draft = make_draft(member=member, title={"en": "Unspun wool"})[1]
    submitted = make_submitted(member=member, title={"en": "Spun wool"})[1]
    reindex(get_index())
    return House(member, entries, people, draft, submitted)
