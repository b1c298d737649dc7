"""The review of a weight update: who may decide, what the others are told, and what is on record."""

import pytest

from catalog.members.models import Role
from tests.factories import make_person
from training.contributions.models import Decision

pytestmark = pytest.mark.django_db


def page(browser, loom, reader):
    return browser(reader).get(loom.contribution.get_absolute_url()).content.decode()


def decide(client, loom, **said):
    address = f"{loom.contribution.get_absolute_url()}decide/"
    return client.post(address, {"verdict": "accept", "note": "Norms read.", **said})


def test_inv_7_ones_own_member_sees_the_recusal_in_place_of_the_panel(loom, browser):
    text = page(browser, loom, "own_maintainer")
    assert "You are recused" in text
    assert "Sign and record" not in text


def test_a_maintainer_of_another_member_sees_the_panel(loom, browser):
    assert "Sign and record" in page(browser, loom, "other_maintainer")


@pytest.mark.parametrize("reader", ["anonymous", "researcher"])
def test_the_others_are_told_who_decides(loom, browser, reader):
    text = page(browser, loom, reader)
    assert "Who decides" in text
    assert "Sign and record" not in text


def test_a_decision_is_recorded_with_its_note(loom, browser):
    client = browser("other_maintainer")
    assert decide(client, loom).status_code == 302
    text = client.get(loom.contribution.get_absolute_url()).content.decode()
    assert "Norms read." in text
    assert "Your member has spoken" in text
    assert "1 of 2 needed members have accepted" in text


def test_inv_7_a_forged_post_of_the_own_member_decides_nothing(loom, browser):
    response = decide(browser("own_maintainer"), loom)
    assert response.status_code == 422
    assert "so you can not decide" in response.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "said", [{"verdict": ""}, {"verdict": "\x00"}, {"verdict": "merge"}, {"note": "x" * 4001}]
)
def test_a_wrong_decision_is_told_and_not_recorded(loom, browser, said):
    response = decide(browser("other_maintainer"), loom, **said)
    assert response.status_code == 422
    assert "Nothing was lost" in response.content.decode()
    assert not Decision.objects.exists()


def test_who_speaks_for_several_members_says_for_which(loom, client):
    person = make_person("first", Role.MAINTAINER)
    second = make_person("second", Role.MAINTAINER).memberships.get().member
    person.memberships.create(member=second, role=Role.MAINTAINER)
    client.force_login(person)
    assert decide(client, loom).status_code == 422
    assert decide(client, loom, member="second").status_code == 302
    assert Decision.objects.get().member == second


def test_a_stranger_is_asked_to_sign_in(loom, client):
    assert "/accounts/login/" in decide(client, loom).url


def test_a_merged_contribution_says_so_and_asks_for_nothing(closed, browser):
    text = page(browser, closed, "other_maintainer")
    assert f"it is part of {closed.round.result.label}" in text
    assert "Merged into the next base" in text
    assert "Nothing to decide" not in text


def test_what_was_found_and_reported_stands_on_the_page(loom, browser):
    text = page(browser, loom, "anonymous")
    assert "No finding in" in text
    assert "5.50 → 3.25" in text
    assert "may decide" in text
    assert loom.contribution.weights_sha256 in text
