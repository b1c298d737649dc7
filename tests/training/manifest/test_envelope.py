"""A node acts only on what the coordinator signed, for this node, for this moment."""

from datetime import UTC, datetime, timedelta

import pytest

from provenance.signing.dsse import countersign, seal
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_JOB_MANIFEST,
    Subject,
    statement,
)
from training.manifest import ManifestError, open_manifest, parse_manifest, seal_manifest

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
KEY_ID = "did:web:coordinator.example#key-1"


@pytest.fixture(scope="module")
def key():
    return PrivateKey.generate()


@pytest.fixture
def envelope(job, key):
    return seal_manifest(parse_manifest(job), key=key, key_id=KEY_ID)


@pytest.fixture
def opens(job, key):
    def run(envelope, **changes):
        arguments = {"keys": {KEY_ID: key.public}, "now": NOW, "node_did": job["node"]} | changes
        return open_manifest(envelope, **arguments)

    return run


@pytest.fixture
def code_of(opens):
    def run(envelope, **changes):
        with pytest.raises(ManifestError) as refused:
            opens(envelope, **changes)
        return refused.value.code

    return run


def sealed(key, predicate, *, subjects=(("x", "0" * 64),), kind=PREDICATE_JOB_MANIFEST):
    said = statement(subjects=[Subject(*s) for s in subjects], predicate_type=kind, predicate=predicate)
    return seal(said, key=key, key_id=KEY_ID)


def test_what_was_sealed_is_what_is_opened(job, evaluation, key, opens, envelope):
    assert opens(envelope) == parse_manifest(job)
    other = seal_manifest(parse_manifest(evaluation), key=key, key_id=KEY_ID)
    assert opens(other) == parse_manifest(evaluation)


def test_a_manifest_signed_by_another_key_is_refused(envelope, code_of):
    assert code_of(envelope, keys={KEY_ID: PrivateKey.generate().public}) == "signature-invalid"
    assert code_of(envelope, keys={}) == "key-unknown"


def test_one_changed_byte_is_refused_before_anything_is_read(envelope, code_of):
    payload = envelope["payload"]
    turned = ("A" if payload[40] != "A" else "B").join([payload[:40], payload[41:]])
    assert code_of(envelope | {"payload": turned}) == "signature-invalid"


def test_a_countersignature_can_be_required(envelope, opens, code_of, key):
    node = PrivateKey.generate()
    keys = {KEY_ID: key.public, node.did: node.public}
    signed = countersign(envelope, key=node, key_id=node.did)
    assert opens(signed, keys=keys, required=[KEY_ID, node.did])
    assert code_of(envelope, keys=keys, required=[node.did]) == "signer-missing"


def test_another_statement_of_the_same_signer_is_no_manifest(job, key, code_of):
    assert code_of(sealed(key, job, kind=PREDICATE_CONTRIBUTION)) == "not-a-manifest"


def test_a_signature_does_not_excuse_a_broken_rule(job, key, code_of):
    job["inputs"][0]["tier"] = "train-only"
    assert code_of(sealed(key, job)) == "weaker-output"


def test_subjects_have_to_be_the_base_and_the_inputs(job, key, code_of):
    assert code_of(sealed(key, job)) == "subjects-mismatch"


def test_a_job_for_another_node_is_refused(envelope, code_of):
    assert code_of(envelope, node_did=PrivateKey.generate().did) == "not-addressed"


@pytest.mark.parametrize(
    ("moment", "code"),
    [(NOW + timedelta(hours=1), "expired"), (NOW - timedelta(minutes=4), "not-yet-valid")],
)
def test_a_job_out_of_its_time_is_refused(envelope, code_of, moment, code):
    assert code_of(envelope, now=moment) == code


def test_a_clock_a_minute_behind_is_forgiven(envelope, opens):
    assert opens(envelope, now=NOW - timedelta(minutes=2))
