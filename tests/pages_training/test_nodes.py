"""Nodes: who waits, who agrees, and who may see it."""

import pytest

from catalog.members.models import Role
from tests.factories import make_member, make_person
from tests.training.api.signing_node import SigningNode

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return SigningNode(make_member("newcomers"), active=False).node


def signed_in(client, member, role):
    client.force_login(make_person(member, role))
    return client


def test_a_node_that_waits_is_shown_to_the_consortium_alone(waiting, client):
    assert waiting.slug not in client.get("/nodes/").content.decode()
    assert waiting.slug not in client.get("/members/newcomers/nodes/").content.decode()
    text = signed_in(client, "onlookers", Role.RESEARCHER).get("/nodes/").content.decode()
    assert f'id="{waiting.slug}"' in text
    assert "Maintainers approve nodes." in text


def test_two_members_let_a_node_in(waiting, client):
    for member, state in (("first", "pending"), ("second", "active")):
        signed_in(client, member, Role.MAINTAINER)
        response = client.post(f"/nodes/{waiting.slug}/approve/")
        assert response.url == f"/nodes/{waiting.slug}/"
        waiting.refresh_from_db()
        assert waiting.state == state


def test_a_second_word_of_the_same_member_is_refused_in_words(waiting, client):
    signed_in(client, "first", Role.MAINTAINER)
    client.post(f"/nodes/{waiting.slug}/approve/")
    assert "a maintainer of another member has to agree" in client.get("/nodes/").content.decode()
    response = client.post(f"/nodes/{waiting.slug}/approve/", follow=True)
    assert "approved this node already" in response.content.decode()


def test_a_researcher_approves_nothing(waiting, client):
    signed_in(client, "onlookers", Role.RESEARCHER)
    response = client.post(f"/nodes/{waiting.slug}/approve/", follow=True)
    assert "Only a maintainer of a member decides here." in response.content.decode()
    assert not waiting.approvals.exists()


def test_a_stranger_learns_nothing_of_a_node_that_waits(waiting, client):
    assert "/accounts/login/" in client.post(f"/nodes/{waiting.slug}/approve/").url


def test_the_answer_counts_who_works_and_who_was_stopped(client):
    for state in ("active", "active", "suspended"):
        node = SigningNode().node
        type(node).objects.filter(pk=node.pk, state="active").update(state=state)
    text = client.get("/nodes/").content.decode()
    assert "2 nodes of 2 members take part; none is working now. 1 is suspended." in text


def test_a_members_page_gets_its_nodes(client):
    node = SigningNode(make_member("weavers")).node
    text = client.get("/members/weavers/nodes/").content.decode()
    assert f"/nodes/{node.slug}/" in text
    assert "<html" not in text
