"""DSSE envelopes: several signers over the same bytes, and no mercy for hostile input."""

import base64
import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.signing import dsse
from provenance.signing.dsse import countersign, open_envelope, pre_authentication_encoding, seal
from provenance.signing.errors import EnvelopeError
from provenance.signing.keys import PrivateKey

ALICE, BOB, MALLORY = (PrivateKey.from_seed(bytes([n]) * 32) for n in range(3))
KEYS = {"alice": ALICE.public, "bob": BOB.public}
PAYLOAD = {"job": 7, "name": "Bộ"}
ENVELOPE = seal(PAYLOAD, key=ALICE, key_id="alice")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def refusal(envelope, **options):
    with pytest.raises(EnvelopeError) as refused:
        open_envelope(envelope, **{"keys": KEYS, **options})
    return refused.value.code


def sealed_bytes(body, payload_type=dsse.IN_TOTO_PAYLOAD):
    signature = ALICE.sign(pre_authentication_encoding(payload_type, body))
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(body).decode(),
        "signatures": [{"keyid": "alice", "sig": base64.b64encode(signature).decode()}],
    }


def test_the_signed_bytes_are_those_of_the_protocol_s_example():
    signed = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world")
    assert signed == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_are_counted_in_bytes():
    assert pre_authentication_encoding("t", "ộ".encode()) == b"DSSEv1 1 t 3 \xe1\xbb\x99"


def test_what_was_sealed_opens():
    opened = open_envelope(ENVELOPE, keys=KEYS)
    assert opened.payload == PAYLOAD
    assert opened.key_ids == ("alice",)


def test_a_countersigned_envelope_names_both_signers_and_leaves_the_first_alone():
    both = countersign(ENVELOPE, key=BOB, key_id="bob")
    assert open_envelope(both, keys=KEYS, required=["bob", "alice"]).key_ids == ("alice", "bob")
    assert len(ENVELOPE["signatures"]) == 1
    assert both["payload"] == ENVELOPE["payload"]


def test_unknown_signers_are_passed_over_but_never_suffice():
    both = countersign(ENVELOPE, key=MALLORY, key_id="mallory")
    assert open_envelope(both, keys=KEYS).key_ids == ("alice",)
    assert refusal(seal(PAYLOAD, key=MALLORY, key_id="mallory")) == "key-unknown"


def test_a_required_signer_who_is_absent_is_named():
    with pytest.raises(EnvelopeError, match="bob") as refused:
        open_envelope(ENVELOPE, keys=KEYS, required=["alice", "bob"])
    assert refused.value.code == "signer-missing"


def test_another_s_signature_under_a_known_name_is_refused():
    assert refusal(seal(PAYLOAD, key=MALLORY, key_id="alice")) == "signature-invalid"
    assert refusal(countersign(ENVELOPE, key=MALLORY, key_id="bob")) == "signature-invalid"


def test_nobody_counts_twice():
    with pytest.raises(EnvelopeError, match="key-id-repeated"):
        countersign(ENVELOPE, key=BOB, key_id="alice")
    both = countersign(ENVELOPE, key=ALICE, key_id="alias")
    assert refusal(both, keys={**KEYS, "alias": ALICE.public}) == "key-id-repeated"


@settings(deadline=None)
@given(st.data())
def test_no_bit_of_the_payload_can_be_changed(data):
    body = bytearray(base64.b64decode(ENVELOPE["payload"]))
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    assert refusal({**ENVELOPE, "payload": base64.b64encode(body).decode()}) == "signature-invalid"


def test_the_payload_s_type_is_signed_too():
    assert refusal({**ENVELOPE, "payloadType": "text/x"}) == "payload-type-unknown"
    assert refusal({**ENVELOPE, "payloadType": "text/x"}, payload_type="text/x") == "signature-invalid"


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b'{"a":1,"a":2}', b"\xff"])
def test_a_signed_payload_that_is_no_plain_json_object_is_refused(body):
    assert refusal(sealed_bytes(body)) == "payload-malformed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payload": None}, "envelope-malformed"),
        ({"payload": 7}, "envelope-malformed"),
        ({"payload": "not base64!"}, "envelope-malformed"),
        ({"payload": "é"}, "envelope-malformed"),
        ({"payload": "e30"}, "envelope-malformed"),
        ({"payload": "e31="}, "envelope-malformed"),
        ({"payload": "e30=\n"}, "envelope-malformed"),
        ({"payload": "A" * (dsse.MAX_PAYLOAD_BYTES * 4 // 3 + 8)}, "envelope-too-large"),
        ({"payloadType": None}, "envelope-malformed"),
        ({"payloadType": "é"}, "envelope-malformed"),
        ({"signatures": None}, "envelope-malformed"),
        ({"signatures": []}, "envelope-malformed"),
        ({"signatures": {}}, "envelope-malformed"),
        ({"signatures": ["x"]}, "envelope-malformed"),
        ({"signatures": [{"keyid": "alice"}]}, "envelope-malformed"),
        ({"signatures": [{"sig": "AAAA"}]}, "envelope-malformed"),
        ({"signatures": [{"keyid": ["alice"], "sig": "AAAA"}]}, "envelope-malformed"),
        ({"signatures": [{"keyid": "alice", "sig": "A" * 1000}]}, "envelope-too-large"),
        ({"signatures": [{"keyid": "alice", "sig": "AAAA"}]}, "signature-invalid"),
        ({"signatures": ENVELOPE["signatures"] * 2}, "key-id-repeated"),
        ({"signatures": ENVELOPE["signatures"] * 17}, "envelope-too-large"),
    ],
)
def test_a_hostile_envelope_is_refused_by_name(change, code):
    assert refusal({**copy.deepcopy(ENVELOPE), **change}) == code


@settings(deadline=None)
@given(json_values | st.fixed_dictionaries(dict.fromkeys(ENVELOPE, json_values)))
def test_no_json_whatever_opens_or_raises_anything_else(value):
    assert refusal(value) in {"envelope-malformed", "key-id-repeated", "payload-type-unknown", "key-unknown"}


def test_an_oversized_payload_is_not_sealed():
    with pytest.raises(EnvelopeError, match="envelope-too-large"):
        seal({"x": "x" * dsse.MAX_PAYLOAD_BYTES}, key=ALICE, key_id="alice")
