"""Nodes are missing after the deadline: who, why, and how the members say what happens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.members.models import Role
from tests.factories import make_member, make_person
from tests.pages_training.conftest import Loom, collecting_with
from training.rounds.models import Round, StragglerVote

pytestmark = pytest.mark.django_db
WAIT = {"choice": "wait", "hours": 5, "note": "Its power comes back tonight."}


@pytest.fixture
def late(dataset) -> Loom:
    """A round whose deadline found both of its nodes missing; two other members have a voice."""
    for member in ("first", "second"):
        make_person(make_member(member), Role.MAINTAINER)
    loom = collecting_with(2)
    Round.objects.filter(pk=loom.round.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    return loom.refresh()


def signed_in(client, member, role=Role.MAINTAINER):
    client.force_login(make_person(make_member(member), role))
    return client


def address(loom):
    return f"{loom.round.get_absolute_url()}vote/"


def text_of(client, path):
    return client.get(path).content.decode()


def test_the_round_says_who_is_missing_and_why(late, client):
    text = text_of(client, late.round.get_absolute_url())
    assert "members vote on going on without them" in text
    assert "Go on without them?" in text
    assert text.count("The node is working.") == 2
    assert "Maintainers vote, each for their own member." in text


def test_a_maintainer_of_another_member_votes_with_hours_and_a_note(late, client):
    signed_in(client, "first")
    assert "Hours to wait" in text_of(client, address(late))
    assert client.post(address(late), WAIT).url == late.round.get_absolute_url()
    vote = StragglerVote.objects.get()
    assert (vote.member.slug, vote.choice, vote.hours) == ("first", "wait", 5)
    assert "spoke in this vote already" in text_of(client, address(late))


def test_a_note_is_for_the_consortium(late, client):
    signed_in(client, "first").post(address(late), WAIT)
    assert WAIT["note"] in text_of(client, late.round.get_absolute_url())
    client.logout()
    text = text_of(client, late.round.get_absolute_url())
    assert WAIT["note"] not in text
    assert "wait longer" in text


@pytest.mark.parametrize(
    "said", [{"choice": ""}, {**WAIT, "hours": ""}, {**WAIT, "hours": 99_999}, {**WAIT, "note": "x" * 501}]
)
def test_a_wrong_vote_is_told_and_not_recorded(late, client, said):
    response = signed_in(client, "first").post(address(late), said)
    assert response.status_code == 422
    assert "Nothing was lost" in response.content.decode()
    assert not StragglerVote.objects.exists()


def test_inv_7_the_member_of_a_missing_node_has_no_word(late, client):
    own = late.nodes[0].node.member
    client.force_login(make_person(own, Role.MAINTAINER))
    assert "A node of your member is missing" in text_of(client, address(late))
    assert client.post(address(late), WAIT).status_code == 403
    assert not StragglerVote.objects.exists()


def test_a_researcher_is_told_who_votes_and_a_stranger_signs_in(late, client):
    assert "/accounts/login/" in client.get(address(late)).url
    signed_in(client, "first", Role.RESEARCHER)
    assert "Maintainers vote" in text_of(client, address(late))
    assert client.post(address(late), WAIT).status_code == 403


def test_when_enough_members_agree_the_round_goes_on(late, client):
    for member in ("first", "second"):
        signed_in(client, member).post(address(late), {"choice": "abandon"})
    late.refresh()
    assert late.round.state == "abandoned"
    assert "No vote on missing nodes is open" in text_of(client, address(late))


def test_a_round_without_an_open_vote_takes_none(loom, browser):
    assert browser("other_maintainer").post(address(loom), WAIT).status_code == 403
