"""A node's next key is named by the one in force; what the old one signed still verifies."""

import pytest

from provenance.events.models import Event
from provenance.signing.dsse import countersign, open_envelope, seal
from provenance.signing.keys import PrivateKey, PublicKey
from tests.factories import make_member
from tests.training.api.signing_node import SigningNode, delta, make_maintainer, make_round
from training.nodes.models import NodeKey
from training.nodes.rotation import PAYLOAD_TYPE
from training.nodes.services import suspend_node

pytestmark = pytest.mark.django_db
KEY, SELF, AT = "/api/v1/node/key", "/api/v1/node/self", "2026-11-23T10:00:00Z"


@pytest.fixture
def node() -> SigningNode:
    return SigningNode()


def statement(old: PrivateKey, new: PrivateKey, **changes):
    said = {"node": old.did, "next": new.did, "at": AT, **changes}
    sealed = seal(said, key=old, key_id=old.did, payload_type=PAYLOAD_TYPE)
    return countersign(sealed, key=new, key_id=new.did)


def rotate(node: SigningNode) -> PrivateKey:
    """The node's key of before; the node signs with the new one from now on."""
    old, node_key = node.key, PrivateKey.generate()
    assert node.post(KEY, {"envelope": statement(old, node_key)}).json()["did"] == node_key.did
    node.key = node_key
    return old


def refusal(node: SigningNode, envelope) -> tuple[int, str]:
    answer = node.post(KEY, {"envelope": envelope})
    return answer.status_code, answer.json()["code"]


def test_the_new_key_is_in_force_and_the_old_one_authenticates_nothing(node):
    old = rotate(node)
    assert node.get(SELF).json()["did"] == node.key.did
    node.key = old
    assert (node.get(SELF).status_code, node.get(SELF).json()["code"]) == (401, "key-rotated")


def test_the_chain_of_keys_is_kept_and_told_to_everybody(node):
    old = rotate(node)
    first, second = NodeKey.objects.filter(node=node.node).order_by("pk")
    assert (first.did, first.until is None, second.until) == (old.did, False, None)
    keys = {key.did: PublicKey.from_did(key.did) for key in (first, second)}
    open_envelope(second.rotation, keys=keys, payload_type=PAYLOAD_TYPE, required=keys)
    event = Event.objects.get(action="node.key-rotated")
    assert (event.audience, event.actor) == ("public", old.did)


def test_a_job_that_names_the_old_key_is_finished_with_it(node):
    from tests.factories import make_dataset
    from training.rounds.conductor import advance

    make_dataset("open")
    round_ = make_round()
    advance(round_.pk)
    job, old = node.job(round_), node.key
    new = rotate(node) and node.key
    node.key = old
    countersigned, said = node.countersigned(job), node.contribution(job, delta(1))
    node.key = new
    assert node.post(f"/api/v1/jobs/{job.pk}/claim", {"envelope": countersigned}).status_code == 200
    assert node.contribute(job, said).status_code == 201


def test_nothing_else_than_both_signatures_over_these_keys_will_do(node):
    new, other = PrivateKey.generate(), PrivateKey.generate()
    alone = seal({"node": node.key.did, "next": new.did, "at": AT}, key=node.key, key_id=node.key.did,
                 payload_type=PAYLOAD_TYPE)  # fmt: skip
    for envelope in (
        alone,
        statement(other, new),
        statement(node.key, new, next=other.did),
        statement(node.key, new, node=other.did),
        statement(node.key, new, at=3),
        statement(node.key, new, more="of it"),
        {**statement(node.key, new), "payloadType": "application/vnd.in-toto+json"},
    ):
        assert refusal(node, envelope) == (422, "rotation-invalid")
    assert NodeKey.objects.filter(node=node.node).count() == 1


def test_a_key_that_was_ever_a_nodes_is_no_next_key(node):
    another = SigningNode()
    assert refusal(node, statement(node.key, another.key)) == (409, "key-already-enrolled")
    old = rotate(node)
    assert refusal(node, statement(node.key, old)) == (409, "key-already-enrolled")


def test_a_suspended_node_changes_no_key(node):
    suspend_node(make_maintainer(), node.node, cause="its key may be known")
    assert refusal(node, statement(node.key, PrivateKey.generate())) == (401, "node-not-active")


def test_a_retired_key_enrols_nowhere_again(node):
    node.key = rotate(node)
    wish = {"did": node.key.did, "slug": "again", "name": "Again", "member": make_member().slug}
    answer = node.post("/api/v1/nodes/enrol", wish | {"form": "attached", "jurisdiction": "FR"})
    assert (answer.status_code, answer.json()["code"]) == (409, "key-rotated")
