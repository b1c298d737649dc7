"""Calling against a decision, on its page."""

import pytest

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from tests.factories import make_member, make_person
from tests.pages.conftest import House

GROUNDS = {"grounds": "The licence names us.\nSee its second page."}


@pytest.fixture
def blocked(house: House) -> str:
    """The address of the appeal against the maintainer's block."""
    judge = actor_of(house.people["maintainer"])
    review_proposal(
        actor=judge, proposal=house.submitted, verdict=Verdict.BLOCK, ground="rights", note="Not theirs."
    )
    house.submitted.refresh_from_db()
    return f"{house.submitted.get_absolute_url()}appeal/"


def voice(house: House, slug: str, address: str, upholds: str) -> int:
    browser = house.client("anonymous")
    browser.force_login(make_person(make_member(slug), Role.MAINTAINER))
    said = {"member": slug, "upholds": upholds, "note": f"So says {slug}."}
    return browser.post(f"{address}voice/", said).status_code


def test_a_steward_appeals_and_others_uphold_it(house: House, blocked: str):
    steward = house.client("steward")
    assert blocked in steward.get(house.submitted.get_absolute_url()).content.decode()
    assert "See its second page." in steward.post(blocked, GROUNDS, follow=True).content.decode()
    assert [voice(house, slug, blocked, "yes") for slug in ("third", "fourth")] == [302, 302]
    house.submitted.refresh_from_db()
    assert house.submitted.state == "in_review"
    assert "So says fourth." in steward.get(blocked).content.decode()


def test_who_decided_has_no_voice(house: House, blocked: str):
    house.client("steward").post(blocked, GROUNDS)
    judge = house.client("maintainer")
    assert 'name="upholds"' not in judge.get(blocked).content.decode()
    said = {"member": "judges", "upholds": "no", "note": "I was right."}
    assert judge.post(f"{blocked}voice/", said).status_code == 403


def test_a_word_without_reasons_is_refused_and_kept(house: House, blocked: str):
    house.client("steward").post(blocked, GROUNDS)
    assert voice(house, "third", blocked, "") == 422
    assert house.client("steward").post(blocked, {"grounds": ""}).status_code == 422


def test_an_appeal_is_taken_back_after_one_more_question(house: House, blocked: str):
    steward = house.client("steward")
    steward.post(blocked, GROUNDS)
    assert "can not be appealed again" in steward.get(f"{blocked}withdraw/").content.decode()
    steward.post(f"{blocked}withdraw/")
    house.submitted.refresh_from_db()
    assert house.submitted.state == "blocked"
    assert 'name="grounds"' not in steward.get(blocked).content.decode()
    assert steward.get(f"{blocked}withdraw/").status_code == 404


def test_only_stewards_of_the_proposer_appeal(house: House, blocked: str):
    for who, status in {"researcher": 403, "maintainer": 403, "anonymous": 302}.items():
        assert house.client(who).post(blocked, GROUNDS).status_code == status
    assert not house.submitted.appeals.exists()


def test_nothing_to_appeal_says_so(house: House):
    address = f"{house.submitted.get_absolute_url()}appeal/"
    assert "Nobody appealed." in house.client("steward").get(address).content.decode()
    assert house.client("steward").post(address, GROUNDS).status_code == 422
    assert house.client("steward").post(f"{address}voice/").status_code == 404
