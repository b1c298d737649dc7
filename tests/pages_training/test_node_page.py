"""The page of one node: what it is, what it works on, and who may change its standing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.members.models import Role
from tests.factories import make_member, make_person
from tests.pages_training.conftest import collecting_with
from tests.training.api.signing_node import SigningNode
from training.manifest.protocol import LEAST
from training.nodes.models import BuildReport, Node

pytestmark = pytest.mark.django_db
CAUSE = {"cause": "Its disk is broken."}


@pytest.fixture
def node(db):
    return SigningNode(make_member("weavers")).node


def signed_in(client, member, role=Role.MAINTAINER):
    client.force_login(make_person(make_member(member), role))
    return client


def page(client, node):
    return client.get(node.get_absolute_url()).content.decode()


def after(node):
    node.refresh_from_db()
    return node.state


def test_a_node_that_waits_is_not_there_for_strangers(client):
    waiting = SigningNode(make_member("newcomers"), active=False).node
    assert client.get(waiting.get_absolute_url()).status_code == 404
    assert "Approve" in page(signed_in(client, "first"), waiting)


def test_its_jobs_and_what_they_brought_stand_on_it(loom, client):
    text = page(client, loom.nodes[0].node)
    assert loom.round.label in text
    assert loom.contribution.get_absolute_url() in text


def test_a_sovereign_node_that_is_silent_is_away(node, client):
    Node.objects.filter(pk=node.pk).update(last_seen_at=timezone.now() - timedelta(days=2))
    text = page(client, node)
    assert "nothing was heard of it since" in text
    assert 'data-state="away"' in text
    assert 'data-state="away"' in client.get("/nodes/").content.decode()


def test_a_program_that_is_too_old_is_told(node, client):
    Node.objects.filter(pk=node.pk).update(program="tapestry-node/0.0.9", protocol=LEAST - 1)
    assert "Its program is too old" in page(client, node)
    assert 'data-state="too-old"' in client.get("/nodes/").content.decode()


def test_what_the_machine_says_of_itself_is_for_the_consortium(node, client):
    Node.objects.filter(pk=node.pk).update(capabilities={"memory_bytes": 64 * 10**9, "runtimes": ["torch"]})
    BuildReport.objects.create(
        node=node, key="00000000-0000-4000-8000-000000000001", kind="private-sft", said={"steps": 12}
    )
    assert "private-sft" not in page(client, node)
    text = page(signed_in(client, "onlookers", Role.RESEARCHER), node)
    assert "64.0\xa0GB" in text
    assert "private-sft" in text


def test_a_rotated_key_stays_with_its_time(node, client):
    node.keys.create(did="did:key:z6MkOldOne", until=timezone.now())
    assert "did:key:z6MkOldOne" in page(client, node)


def test_any_maintainer_suspends_and_another_member_reinstates(node, client):
    address = node.get_absolute_url()
    assert signed_in(client, "weavers").post(f"{address}suspend/", CAUSE).url == address
    assert after(node) == "suspended"
    assert client.post(f"{address}reinstate/", CAUSE).status_code == 403
    assert signed_in(client, "others").post(f"{address}reinstate/", CAUSE).status_code == 302
    assert after(node) == "active"


def test_only_its_own_member_lets_it_go(node, client):
    address = f"{node.get_absolute_url()}revoke/"
    assert signed_in(client, "others").post(address, CAUSE).status_code == 403
    assert signed_in(client, "weavers").post(address, CAUSE).status_code == 302
    assert after(node) == "revoked"


@pytest.mark.parametrize("cause", ["", " ", "\x00", "x" * 301])
def test_a_cause_is_asked_for(node, client, cause):
    response = signed_in(client, "others").post(f"{node.get_absolute_url()}suspend/", {"cause": cause})
    assert response.status_code == 422
    assert after(node) == "active"


def test_the_steps_stand_on_the_page_for_those_who_may(node, client):
    assert "Suspend the node" not in page(client, node)
    assert "Suspend the node" not in page(signed_in(client, "onlookers", Role.RESEARCHER), node)
    text = page(signed_in(client, "others"), node)
    assert "Suspend the node" in text
    assert "Revoke the node" not in text
    assert "Revoke the node" in page(signed_in(client, "weavers"), node)


@pytest.mark.usefixtures("known_terms", "dataset")
def test_a_nodes_page_costs_the_same_with_one_job_and_with_three(client):
    node, costs = collecting_with(1).nodes[0].node, []
    for seeds in ((), (2, 3)):  # each round has a job for each node
        for seed in seeds:
            collecting_with(seed)
        with CaptureQueriesContext(connection) as queries:
            assert page(client, node)
        costs.append(len(queries))
    assert node.jobs.count() == 3
    assert costs[0] == costs[1] <= 14
