"""eddsa-jcs-2022: byte for byte what the W3C publishes, and nothing that was changed afterwards."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provenance.signing.canonical import canonicalize, digest
from provenance.signing.errors import ProofError
from provenance.signing.integrity import add_proof, hash_data, verify_proof
from provenance.signing.keys import PrivateKey, decode_multibase, resolve_did_key

VECTORS = Path(__file__).parents[3].parent / "shared/conformance/vc/eddsa-jcs-2022"
# The key pair that the specification publishes for its vectors (W3C vc-di-eddsa, appendix B).
PUBLISHED_PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PUBLISHED_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
DOCUMENT = {"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "urn:x", "name": "Bộ dữ liệu"}

needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"the W3C vectors are not at {VECTORS}")


def text(name):
    return (VECTORS / name).read_text().strip()


@pytest.fixture
def key():
    return PrivateKey.generate()


@pytest.fixture
def signed(key):
    return add_proof(DOCUMENT, key=key, verification_method=key.public.verification_method, created=CREATED)


def refusal(document, **options):
    with pytest.raises(ProofError) as refused:
        verify_proof(document, **{"resolve": resolve_did_key, **options})
    return refused.value.code


@needs_vectors
def test_canonical_forms_and_hashes_are_those_of_the_w3c_vectors():
    config = json.loads(text("proofConfigJCS.json"))
    document = {name: value for name, value in json.loads(text("signedJCS.json")).items() if name != "proof"}
    assert canonicalize(document).decode() == text("canonDocJCS.txt")
    assert digest(document) == text("docHashJCS.txt")
    assert canonicalize(config).decode() == text("proofCanonJCS.txt")
    assert digest(config) == text("proofHashJCS.txt")
    assert hash_data(document, config).hex() == text("combinedHashJCS.txt")


@needs_vectors
def test_the_signed_w3c_vector_verifies():
    proof = verify_proof(json.loads(text("signedJCS.json")), resolve=resolve_did_key)
    assert proof.created == CREATED
    assert proof.verification_method == f"did:key:{PUBLISHED_PUBLIC}#{PUBLISHED_PUBLIC}"


@needs_vectors
def test_signing_with_the_published_key_gives_the_published_document():
    published = json.loads(text("signedJCS.json"))
    document = {name: value for name, value in published.items() if name != "proof"}
    key = PrivateKey.from_seed(decode_multibase(PUBLISHED_SECRET)[2:])
    method = key.public.verification_method
    assert key.public.multibase == PUBLISHED_PUBLIC
    assert canonicalize(add_proof(document, key=key, verification_method=method, created=CREATED)) == (
        canonicalize(published)
    )


def test_a_signed_document_verifies_and_the_original_is_left_alone(signed, key):
    proof = verify_proof(signed, resolve=resolve_did_key)
    assert proof.verification_method == key.public.verification_method
    assert "proof" not in DOCUMENT


@pytest.mark.parametrize("name", ["id", "name", "added"])
def test_a_changed_document_is_refused(signed, name):
    assert refusal({**signed, name: "other"}) == "signature-invalid"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"created": "2024-01-01T00:00:00Z"}, "signature-invalid"),
        ({"created": "2024-01-01T00:00:00"}, "proof-malformed"),
        ({"created": 7}, "proof-malformed"),
        ({"proofPurpose": "authentication"}, "purpose-mismatch"),
        ({"cryptosuite": "eddsa-rdfc-2022"}, "proof-malformed"),
        ({"verificationMethod": "did:web:stranger.example#key"}, "key-unknown"),
        ({"proofValue": "not multibase"}, "proof-malformed"),
        ({"proofValue": "z" + "2" * 50_000}, "proof-malformed"),
        ({"proofValue": 7}, "proof-malformed"),
        ({"@context": ["https://other.example"]}, "context-mismatch"),
        ({"challenge": "added"}, "signature-invalid"),
    ],
)
def test_a_changed_proof_is_refused(signed, change, code):
    assert refusal({**signed, "proof": {**signed["proof"], **change}}) == code


def test_context_may_grow_at_its_end_only(signed):
    grown = [*DOCUMENT["@context"], "https://more.example"]
    assert verify_proof({**signed, "@context": grown}, resolve=resolve_did_key)
    assert refusal({**signed, "@context": grown[::-1]}) == "context-mismatch"


def test_a_proof_that_has_expired_is_refused(key):
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "expires": "2023-02-25T00:00:00Z",
        "verificationMethod": key.did,
        "proofPurpose": "assertionMethod",
    }
    bare = {"id": "urn:x"}
    value = add_proof(bare, key=key, verification_method=key.did, created=CREATED)["proof"]["proofValue"]
    document = {**bare, "proof": {**config, "proofValue": value}}
    assert refusal(document) == "proof-expired"
    assert refusal(document, now=CREATED) == "signature-invalid"


def test_no_proof_two_proofs_and_a_second_proof_are_refused(signed, key):
    assert refusal(DOCUMENT) == "proof-missing"
    assert refusal({**signed, "proof": [signed["proof"]] * 2}) == "proof-malformed"
    with pytest.raises(ProofError, match="proof-present"):
        add_proof(signed, key=key, verification_method=key.did, created=CREATED)


def test_a_time_without_zone_is_refused_and_others_are_written_in_utc(key):
    with pytest.raises(ValueError, match="zone"):
        add_proof(DOCUMENT, key=key, verification_method=key.did, created=CREATED.replace(tzinfo=None))
    east = CREATED.astimezone(tz=datetime.now().astimezone().tzinfo) + timedelta(microseconds=5)
    signed = add_proof(DOCUMENT, key=key, verification_method=key.did, created=east)
    assert signed["proof"]["created"] == "2023-02-24T23:36:38Z"
