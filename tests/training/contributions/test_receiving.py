"""What a node commits to is what was signed, and what was signed is what the manifest asked for."""

import pytest

from provenance.signing.keys import PrivateKey
from tests.training.api.signing_node import SigningNode, delta
from training.contributions.admitting import check_contribution
from training.contributions.models import Contribution
from training.contributions.receiving import HEADROOM, WIDEST

pytestmark = pytest.mark.django_db


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
        ("codec", "int8-block"),
    ],
)
def test_a_statement_about_something_else_names_the_field(node, round_, field, value):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    response = node.contribute(job, node.contribution(job, weights, **{field: value}))
    assert response.json()["code"] == "statement-mismatch"
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize(
    "changes",
    [{"extra": 1}, {"lastLoss": -1.0}, {"tokens": "many"}, {"codec": "fp8"}, {"encodingError": -0.1}],
)
def test_a_predicate_outside_its_schema_is_refused(node, round_, changes):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    response = node.contribute(job, node.contribution(job, weights, **changes))
    assert (response.status_code, response.json()["code"]) == (422, "statement-invalid")


def test_a_statement_by_a_key_of_nobody_is_refused(node, round_):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    key, node.key = node.key, PrivateKey.generate()
    foreign = node.contribution(job, weights, node=key.did)
    node.key = key
    assert node.contribute(job, foreign).json()["code"] == "statement-invalid"


def test_a_statement_by_another_nodes_key_is_refused(node, round_):
    job, other = node.job(round_), SigningNode()
    node.claim(job)
    forged = other.contribution(job, delta(1), node=node.key.did)
    assert node.contribute(job, forged).json()["code"] == "statement-invalid"
    assert not Contribution.objects.exists()


def test_more_bytes_than_an_update_can_have_are_refused_before_they_come(node, round_):
    job = node.job(round_)
    node.claim(job)
    most = WIDEST * round_.base.weights_bytes + HEADROOM
    response = node.contribute(job, node.contribution(job, delta(1), bytes=most + 1))
    assert (response.status_code, response.json()["code"]) == (422, "weights-too-large")


def test_what_the_codec_cost_is_kept_from_the_statement(node, round_):
    job, weights = node.job(round_), delta(1)
    node.claim(job)
    node.contribute(job, node.contribution(job, weights, encodingError=0.004))
    contribution = Contribution.objects.get()
    assert (contribution.codec, contribution.summary["encoding_error"]) == ("fp32", 0.004)


def test_an_update_with_findings_is_inadmissible_and_says_why(node, round_):
    job, broken = node.job(round_), b"\x80\x02 not safetensors"
    node.claim(job)
    assert node.contribute(job, node.contribution(job, broken)).status_code == 201
    assert node.upload(job, broken).json()["state"] == "received"
    contribution = check_contribution(Contribution.objects.get().pk)
    assert contribution.state == "inadmissible"
    assert {finding["code"] for finding in contribution.admission["findings"]} >= {"not-a-tensor"}


def test_an_admission_check_that_comes_twice_changes_nothing(admitted):
    assert admitted.state == "admitted"
    assert admitted.admission["norm"] > 0
    assert check_contribution(admitted.pk).admission == admitted.admission
