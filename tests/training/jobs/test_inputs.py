"""Bytes for nodes: those that the manifest names, while the lease holds, and each read in the log."""

import hashlib

import pytest

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.models import Role
from provenance.events.models import Event
from tests.factories import make_actor
from tests.training.api.signing_node import delta
from training.api.streaming import ReadCut

pytestmark = pytest.mark.django_db
TEXT = b"un deux trois\n"
SHA256 = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def inputs(node, round_) -> str:
    job = node.job(round_)
    node.claim(job)
    return f"/api/v1/jobs/{job.pk}/inputs/"


def read(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_node_reads_a_file_that_its_manifest_names(node, inputs):
    response = node.get(inputs + SHA256)
    assert (response.status_code, read(response)) == (200, TEXT)
    event = Event.objects.get(action="access.serve-to-node")
    assert (event.outcome, event.actor) == ("allowed", node.key.did)


def test_a_node_reads_one_range(node, inputs):
    headers = {**node.signed("GET", inputs + SHA256), "Range": "bytes=3-6"}
    response = node.send("GET", inputs + SHA256, headers=headers)
    assert (response.status_code, read(response)) == (206, b"deux")
    assert response["Content-Range"] == "bytes 3-6/14"
    beyond = {**node.signed("GET", inputs + SHA256), "Range": "bytes=14-"}
    assert node.send("GET", inputs + SHA256, headers=beyond).status_code == 416


def test_a_node_reads_the_base(node, round_, inputs):
    assert hashlib.sha256(read(node.get(inputs + round_.base.weights_sha256))).hexdigest() == (
        round_.base.weights_sha256
    )
    assert Event.objects.filter(action="base.read").count() == 1


def test_other_blobs_are_not_served(node, round_, inputs):
    node.upload(node.job(round_), delta(1))
    response = node.get(inputs + hashlib.sha256(delta(1)).hexdigest())
    assert (response.status_code, response.json()["code"]) == (404, "input-unknown")


def test_before_the_claim_nothing_is_served(node, round_):
    response = node.get(f"/api/v1/jobs/{node.job(round_).pk}/inputs/{SHA256}")
    assert (response.status_code, response.json()["code"]) == (409, "lease-not-valid")


def test_a_withdrawal_blocks_reads_at_once_and_the_refusal_stays_in_the_log(node, inputs):
    dataset = Dataset.objects.get()
    withdraw_dataset(
        actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason="consent revoked"
    )
    response = node.get(inputs + SHA256)
    assert (response.status_code, response.json()["code"]) == (403, "version-withdrawn")
    assert Event.objects.get(action="access.serve-to-node").outcome == "denied"


def test_a_read_that_is_under_way_ends_before_its_next_byte(node, round_, inputs):
    chunks = iter(node.get(inputs + SHA256).streaming_content)
    dataset = Dataset.objects.get()
    withdraw_dataset(actor=make_actor(dataset.member, Role.STEWARD), dataset=dataset, reason="revoked")
    with pytest.raises(ReadCut):
        next(chunks)
    cut = Event.objects.get(action="job.read-cut")
    assert (cut.reason_codes, cut.details["bytes"]) == (["version-withdrawn"], 0)
