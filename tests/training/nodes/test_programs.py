"""Which programs are answered, and what the page of nodes can say of each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.training.api.signing_node import SigningNode
from training.manifest.protocol import LEAST, PROTOCOL

pytestmark = pytest.mark.django_db
SELF, JOBS = "/api/v1/node/self", "/api/v1/node/jobs"


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


def test_a_program_that_is_too_old_is_told_both_numbers(node):
    node.protocol = LEAST - 1
    answer = node.get(JOBS)
    assert (answer.status_code, answer["Content-Type"]) == (426, "application/problem+json")
    said = answer.json()
    assert (said["code"], said["least"], said["yours"]) == ("protocol-too-old", LEAST, LEAST - 1)


def test_a_program_that_names_no_number_is_of_before_and_learns_where_it_stands(node):
    plain = {"method": "GET", "content_type": "application/json"}
    headers = node.signed("GET", JOBS)
    assert node.client.generic(path=JOBS, headers=headers, **plain).json()["yours"] == 1
    headers = node.signed("GET", SELF)
    assert node.client.generic(path=SELF, headers=headers, **plain).status_code == 200
    node.node.refresh_from_db()
    assert node.node.protocol == 1


def test_a_newer_program_than_ours_is_served(node):
    node.protocol = PROTOCOL + 1
    assert node.get(JOBS).status_code == 200


@pytest.mark.parametrize("said", ["", "two", "-1", "2.0", "9" * 5, "٢", "2, 2"])
def test_what_is_no_number_is_refused(node, said):
    node.protocol = said
    assert (node.get(JOBS).status_code, node.get(JOBS).json()["code"]) == (400, "malformed")


def test_a_change_is_written_once_and_silence_otherwise(node):
    def writes(program: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            node.client.get(JOBS, headers=node.signed("GET", JOBS) | {
                "Tapestry-Protocol": str(PROTOCOL), "User-Agent": program})  # fmt: skip
        return sum(query["sql"].startswith('UPDATE "training_node"') for query in asked)

    assert [writes(name) for name in ("tapestry-node/1", "tapestry-node/1", "tapestry-node/2")] == [1, 0, 1]
    node.node.refresh_from_db()
    assert node.node.program == "tapestry-node/2"


def test_a_node_describes_its_machine_anew(node):
    said = {"capabilities": {"gpu_model": "H100", "runtimes": "torch 2.13"}}
    assert node.post(SELF, said).json()["capabilities"] == said["capabilities"]
    node.node.refresh_from_db()
    assert node.node.capabilities == said["capabilities"]
    assert node.post(SELF, {"capabilities": {"no plain name": "x"}}).status_code == 400
