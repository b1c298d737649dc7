"""The page on which a member says how long the bytes of its updates are kept."""

import pytest

from catalog.members.models import Role
from tests.factories import make_person
from training.retention.models import RetentionWish

pytestmark = pytest.mark.django_db
ADDRESS = "/members/danube/retention/"


def test_a_maintainer_says_how_long_and_reads_what_it_costs(client, maintainer):
    client.force_login(maintainer)
    assert "can not be computed again by anybody" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {"rounds": "0"}).status_code == 422
    assert client.post(ADDRESS, {"rounds": "3"}).status_code == 302
    assert RetentionWish.objects.get(member__slug="danube").rounds == 3
    assert ADDRESS in client.get("/members/danube/derivatives/").content.decode()
    client.post(ADDRESS, {"rounds": ""})
    assert RetentionWish.objects.get(member__slug="danube").rounds is None


def test_others_are_told_who_may(client, steward):
    for person in (steward, make_person("onlookers", Role.MAINTAINER)):
        client.force_login(person)
        assert client.post(ADDRESS, {"rounds": "3"}).status_code == 403
    assert not RetentionWish.objects.exists()
