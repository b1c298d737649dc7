"""DSSE envelopes: a JSON payload with signatures over its exact bytes (DSSE v1.0.2, protocol.md)."""

import base64
import binascii
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from provenance.signing.canonical import canonicalize, parse_object
from provenance.signing.errors import EnvelopeError, JsonError, SignatureInvalid
from provenance.signing.keys import SIGNATURE_BYTES, PrivateKey, PublicKey

IN_TOTO_PAYLOAD = "application/vnd.in-toto+json"
MAX_PAYLOAD_BYTES = 8 * 1024 * 1024
MAX_SIGNATURES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A payload and the ids, in the envelope's order, of the known keys that signed it."""

    payload: dict[str, Any]
    key_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signature:
    key_id: str
    value: bytes


@dataclass(frozen=True, slots=True)
class _Envelope:
    payload_type: str
    payload: bytes
    signatures: tuple[_Signature, ...]


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed, PAE(type, body): lengths in bytes make the joint unambiguous."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(
    payload: Mapping[str, Any], *, key: PrivateKey, key_id: str, payload_type: str = IN_TOTO_PAYLOAD
) -> dict[str, Any]:
    """Return an envelope around the canonical form of `payload`, signed once.

    Raises:
        JsonError: json-not-canonical.
        EnvelopeError: envelope-too-large, over MAX_PAYLOAD_BYTES.
    """
    body = canonicalize(dict(payload))
    if len(body) > MAX_PAYLOAD_BYTES:
        raise EnvelopeError("envelope-too-large", f"A payload has at most {MAX_PAYLOAD_BYTES} bytes.")
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(body).decode("ascii"),
        "signatures": [_signed(payload_type, body, key=key, key_id=key_id)],
    }


def countersign(envelope: object, *, key: PrivateKey, key_id: str) -> dict[str, Any]:
    """Return a copy of `envelope` with one more signature over the same bytes.

    It does not check the signatures that are there: open the envelope first.

    Raises:
        EnvelopeError: the envelope is malformed or full, or `key_id` has signed already.
    """
    parts = _read(envelope)
    countersigned = _written(parts)
    countersigned["signatures"].append(_signed(parts.payload_type, parts.payload, key=key, key_id=key_id))
    _read(countersigned)
    return countersigned


def open_envelope(
    envelope: object,
    *,
    keys: Mapping[str, PublicKey],
    payload_type: str = IN_TOTO_PAYLOAD,
    required: Collection[str] = (),
) -> Opened:
    """Return the payload of parsed JSON `envelope` if at least one of `keys`, and all `required`, signed it.

    Signatures by ids outside `keys` are passed over, those of known ids must all hold. One key under two
    ids counts as one signer, so it is refused.

    Raises:
        EnvelopeError: with the code of the first rule that is broken. The payload is parsed only after
            its signatures held.
    """
    parts = _read(envelope)
    if parts.payload_type != payload_type:
        raise EnvelopeError("payload-type-unknown", f"Expected a payload of type {payload_type}.")
    key_ids = _verified(parts, keys)
    absent = sorted(set(required) - set(key_ids))
    if absent:
        raise EnvelopeError("signer-missing", f"Not signed by {', '.join(absent)}.")
    try:
        payload = parse_object(parts.payload)
    except JsonError as error:
        raise EnvelopeError("payload-malformed", error.detail) from error
    return Opened(payload=payload, key_ids=key_ids)


def bare_envelope(envelope: object) -> dict[str, Any]:
    """Return the envelope with the fields that the protocol defines and no other.

    Raises:
        EnvelopeError: envelope-malformed, envelope-too-large or key-id-repeated.
    """
    return _written(_read(envelope))


def payload_digest(envelope: Mapping[str, Any]) -> str:
    """Return the hex sha256 of the payload's bytes, which all its signatures are over.

    Raises:
        EnvelopeError: envelope-malformed or envelope-too-large.
    """
    return hashlib.sha256(_read(envelope).payload).hexdigest()


def _verified(parts: _Envelope, keys: Mapping[str, PublicKey]) -> tuple[str, ...]:
    message = pre_authentication_encoding(parts.payload_type, parts.payload)
    known = [signature for signature in parts.signatures if signature.key_id in keys]
    if not known:
        raise EnvelopeError("key-unknown", "None of the signatures is by a known key.")
    if len({keys[signature.key_id] for signature in known}) < len(known):
        raise EnvelopeError("key-id-repeated", "One key signed under two ids.")
    for signature in known:
        try:
            keys[signature.key_id].verify(signature.value, message)
        except SignatureInvalid as error:
            raise EnvelopeError(error.code, f"The signature of {signature.key_id} does not hold.") from error
    return tuple(signature.key_id for signature in known)


def _signed(payload_type: str, body: bytes, *, key: PrivateKey, key_id: str) -> dict[str, str]:
    return _as_json(_Signature(key_id, key.sign(pre_authentication_encoding(payload_type, body))))


def _as_json(signature: _Signature) -> dict[str, str]:
    return {"keyid": signature.key_id, "sig": base64.b64encode(signature.value).decode("ascii")}


def _written(parts: _Envelope) -> dict[str, Any]:
    return {
        "payloadType": parts.payload_type,
        "payload": base64.b64encode(parts.payload).decode("ascii"),
        "signatures": [_as_json(signature) for signature in parts.signatures],
    }


def _read(envelope: object) -> _Envelope:
    """Return the parts of an envelope, of the right type and size; the protocol ignores unknown fields."""
    if not isinstance(envelope, Mapping):
        raise EnvelopeError("envelope-malformed", "An envelope is a JSON object.")
    payload_type, entries = envelope.get("payloadType"), envelope.get("signatures")
    if not isinstance(payload_type, str) or not payload_type.isascii():
        raise EnvelopeError("envelope-malformed", "The payloadType has to be a media type.")
    if not isinstance(entries, list) or not entries:
        raise EnvelopeError("envelope-malformed", "The signatures have to be a list with at least one.")
    if len(entries) > MAX_SIGNATURES:
        raise EnvelopeError("envelope-too-large", f"An envelope has at most {MAX_SIGNATURES} signatures.")
    signatures = tuple(_read_signature(entry) for entry in entries)
    if len({signature.key_id for signature in signatures}) < len(signatures):
        raise EnvelopeError("key-id-repeated", "Two signatures carry one keyid.")
    payload = _read_base64(envelope.get("payload"), "payload", MAX_PAYLOAD_BYTES)
    return _Envelope(payload_type, payload, signatures)


def _read_signature(entry: object) -> _Signature:
    if not isinstance(entry, Mapping):
        raise EnvelopeError("envelope-malformed", "A signature is a JSON object.")
    key_id = entry.get("keyid")
    if not isinstance(key_id, str) or not key_id:
        raise EnvelopeError("envelope-malformed", "A signature names its keyid.")
    value = _read_base64(entry.get("sig"), "sig", SIGNATURE_BYTES)
    return _Signature(key_id, value)


def _read_base64(text: object, name: str, limit: int) -> bytes:
    if not isinstance(text, str):
        raise EnvelopeError("envelope-malformed", f"The {name} has to be base64 text.")
    if len(text) > 4 * (limit // 3 + 1):
        raise EnvelopeError("envelope-too-large", f"The {name} has at most {limit} bytes.")
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise EnvelopeError("envelope-malformed", f"The {name} is not standard base64.") from error
    # Base64 has spare bits: other text for the same bytes would be another envelope with other digest.
    if base64.b64encode(data).decode("ascii") != text:
        raise EnvelopeError("envelope-malformed", f"The {name} is not the one base64 form of its bytes.")
    return data
