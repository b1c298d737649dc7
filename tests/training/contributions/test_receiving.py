"""What comes in is what was signed, and what was signed is what the manifest asked for."""

import pytest

from provenance.blobs import get_store
from provenance.signing.keys import PrivateKey
from tests.training.api.signing_node import delta
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.contributions.receiving import HEADROOM

pytestmark = pytest.mark.django_db


def test_altered_weights_are_not_kept(node, round_):
    job = node.job(round_)
    node.claim(job)
    path = f"/api/v1/jobs/{job.pk}/weights?attempt=1"
    headers = node.signed("PUT", path, b"these")
    response = node.send("PUT", path, b"those", headers=headers, kind="application/octet-stream")
    assert (response.status_code, response.json()["code"]) == (401, "digest-mismatch")


def test_more_bytes_than_the_base_has_are_refused(node, round_):
    job = node.job(round_)
    node.claim(job)
    response = node.upload(job, bytes(round_.base.weights_bytes + HEADROOM + 1))
    assert (response.status_code, response.json()["code"]) == (422, "weights-too-large")


def test_weights_go_to_their_address(node, round_):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    answer = node.upload(job, weights).json()
    assert get_store().size(answer["sha256"]) == answer["size"] == len(weights)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("jobId", "00000000-0000-4000-8000-000000000000"),
        ("roundId", "999999"),
        ("node", "did:key:z6MkotherOtherOther"),
        ("base", "0" * 64),
        ("inputs", ["0" * 64]),
        ("steps", 1),
        ("attempt", 2),
        ("manifest", "0" * 64),
    ],
)
def test_a_statement_about_something_else_names_the_field(node, round_, field, value):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    node.upload(job, weights)
    response = node.contribute(job, node.contribution(job, weights, **{field: value}))
    assert response.json()["code"] == "statement-mismatch"
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize("changes", [{"extra": 1}, {"lastLoss": -1.0}, {"tokens": "many"}, {"codec": "fp8"}])
def test_a_predicate_outside_its_schema_is_refused(node, round_, changes):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    response = node.contribute(job, node.contribution(job, weights, **changes))
    assert (response.status_code, response.json()["code"]) == (422, "statement-invalid")


def test_a_statement_by_another_key_is_refused(node, round_):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    key, node.key = node.key, PrivateKey.generate()
    foreign = node.contribution(job, weights, node=key.did)
    node.key = key
    assert node.contribute(job, foreign).json()["code"] == "statement-invalid"


def test_a_statement_without_its_bytes_is_refused(node, round_):
    job = node.job(round_)
    node.claim(job)
    response = node.contribute(job, node.contribution(job, delta(77)))
    assert response.json()["code"] == "weights-missing"
    job.refresh_from_db()
    assert job.state == "running"


def test_an_update_with_findings_is_inadmissible_and_says_why(node, round_):
    job, broken = node.job(round_), b"\x80\x02 not safetensors"
    node.claim(job)
    node.upload(job, broken)
    assert node.contribute(job, node.contribution(job, broken)).status_code == 201
    contribution = check_contribution(Contribution.objects.get().pk)
    assert contribution.state == "inadmissible"
    assert {finding["code"] for finding in contribution.admission["findings"]} >= {"not-a-tensor"}


def test_an_admission_check_that_comes_twice_changes_nothing(admitted):
    assert admitted.state == "admitted"
    assert admitted.admission["norm"] > 0
    assert check_contribution(admitted.pk).admission == admitted.admission
