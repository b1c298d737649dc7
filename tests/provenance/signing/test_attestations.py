"""What a node signs alone: read back as it was said, refused when anything about its signer is strange."""

from datetime import UTC, datetime

import pytest

from provenance.signing.attestations import (
    SignedSeal,
    read_description,
    read_seal,
    sign_description,
    sign_seal,
)
from provenance.signing.dsse import countersign, seal
from provenance.signing.errors import AttestationError, SigningError
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import PREDICATE_SEAL, Subject, statement

AT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
KEY = PrivateKey.from_seed(b"\x01" * 32)
FILE = {
    "path": "a.txt",
    "sha256": "0" * 64,
    "bytes": 1,
    "records": 1,
    "language": "ay",
    "mediaType": "text/plain",
}


def said(subjects=("seal",), **changes):
    predicate = {"type": "tapestry-seal-1", "node": KEY.did, "sealedAt": "2026-11-22T21:00:00Z", **changes}
    named = [Subject(name, "a" * 64) for name in subjects]
    return statement(subjects=named, predicate_type=PREDICATE_SEAL, predicate=predicate)


def test_a_seal_is_read_as_it_was_signed():
    read = read_seal(sign_seal("a" * 64, key=KEY, at=AT))
    assert read == SignedSeal(commitment="a" * 64, node=KEY.did, sealed_at=AT)


def test_a_description_is_read_as_it_was_signed():
    read = read_description(sign_description([FILE], facts={"files": 1}, key=KEY, at=AT))
    assert (read.files, read.facts, read.node, read.described_at) == ([FILE], {"files": 1}, KEY.did, AT)
    assert read_description(sign_description([], facts=None, key=KEY, at=AT)).facts is None


def test_a_seal_is_no_description():
    with pytest.raises(SigningError, match="predicate-type-unknown"):
        read_description(sign_seal("a" * 64, key=KEY, at=AT))


@pytest.mark.parametrize(
    "wrong",
    [
        said(node=PrivateKey.generate().did),
        said(type="tapestry-seal-2"),
        said(title="What it is"),
        said(sealedAt="yesterday"),
        said(sealedAt="2026-02-30T00:00:00Z"),
        said(subjects=("seal", "another")),
    ],
)
def test_a_seal_that_says_anything_else_is_refused(wrong):
    with pytest.raises(AttestationError):
        read_seal(seal(wrong, key=KEY, key_id=KEY.did))


@pytest.mark.parametrize("envelope", [None, [], {}, {"signatures": []}, {"signatures": [None]}])
def test_what_is_no_envelope_is_refused(envelope):
    with pytest.raises(AttestationError, match="attestation-signer"):
        read_seal(envelope)


def test_a_second_signature_or_another_name_for_the_key_is_refused():
    twice = countersign(sign_seal("a" * 64, key=KEY, at=AT), key=PrivateKey.generate(), key_id="other")
    other_name = seal(said(), key=KEY, key_id=KEY.public.verification_method)
    for envelope in (twice, other_name, seal(said(), key=KEY, key_id="did:web:example.org")):
        with pytest.raises(AttestationError, match="attestation-signer"):
            read_seal(envelope)


def test_a_signature_by_another_key_is_refused():
    with pytest.raises(SigningError, match="signature-invalid"):
        read_seal(seal(said(), key=PrivateKey.generate(), key_id=KEY.did))
