"""Who is let in: the matrix of what can be wrong with a signed request. All are 401, each with its code."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from provenance.signing.keys import PrivateKey
from tests.factories import make_member
from tests.training.api.signing_node import SigningNode, make_maintainer
from training.nodes.services import suspend_node

pytestmark = pytest.mark.django_db
SELF, JOBS, ENROL = "/api/v1/node/self", "/api/v1/node/jobs", "/api/v1/nodes/enrol"


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


def refused(response) -> str:
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Signature")
    return response.json()["code"]


def test_a_signed_request_is_answered(node):
    answer = node.get(SELF).json()
    assert answer["slug"] == node.node.slug
    assert answer["state"] == "active"


def test_without_a_signature_nobody_is_let_in(node):
    assert refused(node.client.get(JOBS)) == "signature-missing"


def test_the_same_request_twice_is_a_replay(node):
    headers = node.signed("GET", JOBS)
    assert node.send("GET", JOBS, headers=headers).status_code == 200
    assert refused(node.send("GET", JOBS, headers=headers)) == "signature-replayed"


def test_an_old_signature_has_expired(node):
    headers = node.signed("GET", JOBS, now=datetime.now(UTC) - timedelta(minutes=5))
    assert refused(node.send("GET", JOBS, headers=headers)) == "signature-expired"


def test_a_signature_from_the_future_waits_for_its_time(node):
    headers = node.signed("GET", JOBS, now=datetime.now(UTC) + timedelta(minutes=5))
    assert refused(node.send("GET", JOBS, headers=headers)) == "signature-not-yet-valid"


def test_a_signature_that_would_hold_for_hours_is_refused(node):
    headers = node.signed("GET", JOBS, lifetime=7200)
    assert refused(node.send("GET", JOBS, headers=headers)) == "lifetime-too-long"


def test_a_key_that_nobody_enrolled_is_unknown(node):
    node.key = PrivateKey.generate()
    assert refused(node.get(JOBS)) == "key-unknown"


def test_a_signature_for_another_path_or_method_does_not_hold(node):
    assert refused(node.send("GET", JOBS, headers=node.signed("GET", SELF))) == "signature-invalid"
    assert refused(node.send("GET", JOBS, headers=node.signed("POST", JOBS))) == "signature-invalid"
    assert refused(node.send("GET", JOBS + "?a=1", headers=node.signed("GET", JOBS))) == "signature-invalid"


def test_an_altered_digest_header_breaks_the_signature(node):
    headers = node.signed("GET", JOBS)
    headers["Content-Digest"] = node.signed("GET", JOBS, b"other")["Content-Digest"]
    assert refused(node.send("GET", JOBS, headers=headers)) == "signature-invalid"


def test_an_altered_body_is_not_the_one_that_was_signed(node):
    path = "/api/v1/jobs/00000000-0000-4000-8000-000000000000/failure"
    headers = node.signed("POST", path, b'{"attempt": 1}')
    assert refused(node.send("POST", path, b'{"attempt": 2}', headers=headers)) == "digest-mismatch"


def test_a_request_that_was_refused_does_not_use_up_its_nonce(node):
    headers = node.signed("GET", JOBS)
    assert refused(node.send("GET", JOBS, b"smuggled", headers=headers)) == "digest-mismatch"
    assert node.send("GET", JOBS, headers=headers).status_code == 200


def test_a_suspended_node_learns_where_it_stands_and_nothing_else(node):
    suspend_node(make_maintainer(), node.node, cause="noise")
    assert refused(node.get(JOBS)) == "node-not-active"
    assert node.get(SELF).json()["state"] == "suspended"


def test_a_body_beyond_the_limit_is_not_read(node):
    assert node.post(ENROL, {"name": "x" * (1 << 20)}).status_code == 413


def test_a_body_that_is_no_json_names_no_traceback(node):
    answer = node.post(f"/api/v1/jobs/{'0' * 8}-0000-4000-8000-{'0' * 12}/failure", b"{")
    assert answer.status_code == 404 or answer.json()["code"] == "malformed"


def test_a_new_machine_enrols_with_the_key_that_it_shows():
    machine = SigningNode(active=False)
    machine.key = PrivateKey.generate()
    wish = {"did": machine.key.did, "slug": "new-one", "name": "New", "member": make_member().slug}
    wish |= {"form": "attached", "jurisdiction": "FR"}
    assert machine.post(ENROL, wish).json()["state"] == "pending"
    assert machine.post(ENROL, wish).status_code == 200
    assert refused(machine.get(JOBS)) == "node-not-active"


def test_nobody_enrols_another_key_than_their_own(node):
    wish = {"did": PrivateKey.generate().did, "slug": "thief", "name": "T", "member": make_member().slug}
    answer = node.post(ENROL, wish | {"form": "attached", "jurisdiction": "FR"})
    assert (answer.status_code, answer.json()["code"]) == (422, "did-mismatch")


def test_an_incomplete_wish_names_its_fields(node):
    answer = node.post(ENROL, {"did": node.key.did})
    assert answer.status_code == 400
    assert {"slug", "member", "jurisdiction"} <= set(json.loads(answer.content)["fields"])
