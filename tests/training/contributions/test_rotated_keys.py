"""A manifest is addressed to one key; what the node says about it is said with that key, rotated or not."""

from datetime import UTC, datetime

import pytest

from provenance.signing.dsse import countersign, seal
from provenance.signing.keys import PrivateKey
from tests.training.api.signing_node import SigningNode, delta
from training.contributions.models import Contribution
from training.nodes.rotation import PAYLOAD_TYPE, rotate_key

pytestmark = pytest.mark.django_db


def rotate(node: SigningNode) -> PrivateKey:
    """Put a new key in force for the node's requests; the old one is returned."""
    old, new = node.key, PrivateKey.generate()
    said = {"node": old.did, "next": new.did, "at": datetime.now(UTC).isoformat()}
    envelope = seal(said, key=old, key_id=old.did, payload_type=PAYLOAD_TYPE)
    rotate_key(node.node, countersign(envelope, key=new, key_id=new.did))
    node.node.refresh_from_db()
    node.key = new
    return old


def signed_by(node: SigningNode, key: PrivateKey, make):
    now, node.key = node.key, key
    envelope = make()
    node.key = now
    return envelope


def test_work_of_before_a_rotation_is_finished_under_the_old_key(node, round_):
    job = node.job(round_)
    old = rotate(node)
    countersigned = signed_by(node, old, lambda: node.countersigned(job))
    assert node.post(f"/api/v1/jobs/{job.pk}/claim", {"envelope": countersigned}).status_code == 200
    envelope = signed_by(node, old, lambda: node.contribution(job, delta(1)))
    assert node.contribute(job, envelope).status_code == 201
    assert node.upload(job, delta(1)).json()["state"] == "received"
    assert Contribution.objects.get().statement.key_ids == [old.did]


def test_the_new_key_says_nothing_about_what_was_addressed_to_the_old_one(node, round_):
    job = node.job(round_)
    node.claim(job)
    rotate(node)
    response = node.contribute(job, node.contribution(job, delta(1)))
    assert (response.status_code, response.json()["code"]) == (422, "statement-invalid")
    assert not Contribution.objects.exists()
