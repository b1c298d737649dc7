"""Requests of nodes, signed: HTTP Message Signatures (RFC 9421) over a Content-Digest (RFC 9530).

Covered are method, authority, path, query and the digest of the body. Not @target-uri: a proxy that ends TLS
turns https into http. The body itself is not read here: the caller compares its hash with
`VerifiedRequest.body_sha256` while it streams, and spends the nonce.
"""

import base64
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

from provenance.signing.errors import RequestSignatureError
from provenance.signing.http_fields import (
    SHA256_BYTES,
    body_digest,
    join_fields,
    parse_dictionary,
    refuse_malformed,
)
from provenance.signing.keys import PrivateKey, PublicKey

TAG = "tapestry-node"
LABEL = "tapestry"
COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
PARAMETERS = {"created": int, "expires": int, "nonce": str, "keyid": str, "alg": str, "tag": str}
_NONCE = re.compile(r"[A-Za-z0-9_-]{22,64}")  # 22 letters of base64url hold 128 bits

Resolve = Callable[[str], PublicKey | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRequest:
    """What a signed request proves.

    `key_id` made it, and `body_sha256` (32 bytes) is the hash that its body has to have. Keep `nonce` until
    `expires`, the signed expiry plus the clock skew: from then on a repetition is refused by time alone.
    """

    key_id: str
    nonce: str
    expires: datetime
    body_sha256: bytes


@dataclass(frozen=True, slots=True)
class _Message:
    """The part of a request that the library looks at."""

    method: str
    url: str
    headers: dict[str, str]


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its own clock: times are judged by `_check_times`, on the caller's."""

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        """Accept: see above."""


def sign_request(
    *,
    method: str,
    url: str,
    body_sha256: bytes,
    key: PrivateKey,
    now: datetime | None = None,
    lifetime: int = 60,
) -> dict[str, str]:
    """Return the headers Content-Digest, Signature-Input and Signature to add to a request.

    `url` is absolute and encoded as it goes over the wire; `body_sha256` are the 32 bytes of the body's hash,
    for an empty body too; the signature holds for `lifetime` seconds from `now` (default: the present).

    Raises:
        ValueError: a URL that is not absolute and encoded, or a hash of another length.
    """
    if len(body_sha256) != SHA256_BYTES:
        raise ValueError(f"A sha256 has {SHA256_BYTES} bytes, this one has {len(body_sha256)}.")
    digest = base64.b64encode(body_sha256).decode("ascii")
    message = _Message(method.upper(), url, {"Content-Digest": f"sha-256=:{digest}:"})
    created = (now or datetime.now(UTC)).replace(microsecond=0)
    signer = HTTPMessageSigner(signature_algorithm=ED25519)
    try:
        prepared = signer.prepare(
            message,
            key_id=key.did,
            created=created,
            expires=created + timedelta(seconds=lifetime),
            nonce=secrets.token_urlsafe(16),
            label=LABEL,
            tag=TAG,
            covered_component_ids=COVERED,
            use_existing_digest=True,
        )
    except HTTPMessageSignaturesException as error:
        raise ValueError(str(error)) from error
    signer.apply(message, prepared, key.sign(prepared.signature_base))
    return message.headers


def verify_request(
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    resolve: Resolve,
    max_lifetime: int = 300,
    clock_skew: int = 30,
    now: datetime | None = None,
) -> VerifiedRequest:
    """Return what the request proves, if its signature with our tag holds at `now` (default: the present).

    `url` is the absolute URL as the client sent it; `resolve` gives the key that is trusted for a key id, or
    None; `max_lifetime` and `clock_skew` are in seconds.

    Raises:
        RequestSignatureError: with the code of the first rule that is broken.
    """
    fields = join_fields(headers)
    for name in ("signature-input", "signature"):
        if name not in fields:
            raise RequestSignatureError("signature-missing", f"The request has no {name} field.")
    covered, parameters = _our_signature(parse_dictionary(fields["signature-input"]))
    _check_coverage(covered)
    body_sha256 = body_digest(fields)
    _check_times(parameters, now or datetime.now(UTC), max_lifetime=max_lifetime, clock_skew=clock_skew)
    key = resolve(parameters["keyid"])
    if key is None:
        raise RequestSignatureError("key-unknown", f"No active key is known as {parameters['keyid']}.")
    _check_signature(_Message(method, url, fields), parameters["keyid"], key)
    return VerifiedRequest(
        key_id=parameters["keyid"],
        nonce=parameters["nonce"],
        expires=datetime.fromtimestamp(parameters["expires"] + clock_skew, UTC),
        body_sha256=body_sha256,
    )


def _our_signature(inputs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return covered components and parameters of the one signature with our tag; a proxy may add others."""
    ours = [member for member in inputs.values() if member[1].get("tag") == TAG]
    if len(ours) != 1:
        raise RequestSignatureError("signature-missing", f"Expected one signature with the tag {TAG}.")
    covered, parameters = ours[0]
    if not isinstance(covered, list):
        refuse_malformed("The covered components have to be a list.")
    if parameters.keys() != PARAMETERS.keys():
        refuse_malformed(f"Exactly the parameters {', '.join(PARAMETERS)} are expected.")
    for name, kind in PARAMETERS.items():
        if type(parameters[name]) is not kind:
            refuse_malformed(f"The parameter {name} has the wrong type.")
    if parameters["alg"] != ED25519.algorithm_id:
        refuse_malformed(f"The algorithm has to be {ED25519.algorithm_id}.")
    if not _NONCE.fullmatch(parameters["nonce"]):
        refuse_malformed("The nonce has to be 22 to 64 letters of base64url.")
    return covered, parameters


def _check_coverage(covered: list[Any]) -> None:
    plain = {name for name, parameters in covered if not parameters}
    absent = [name for name in COVERED if name not in plain]
    if absent:
        raise RequestSignatureError("coverage-insufficient", f"Not covered: {', '.join(absent)}.")


def _check_times(parameters: dict[str, Any], now: datetime, *, max_lifetime: int, clock_skew: int) -> None:
    created, expires, present = parameters["created"], parameters["expires"], now.timestamp()
    if expires <= created:
        refuse_malformed("The signature expires before it was made.")
    if expires - created > max_lifetime:
        raise RequestSignatureError("lifetime-too-long", f"A signature holds at most {max_lifetime} seconds.")
    if created > present + clock_skew:
        raise RequestSignatureError("signature-not-yet-valid", "The signer's clock is ahead of ours.")
    if expires + clock_skew <= present:
        raise RequestSignatureError("signature-expired", "The signature held for a time that has passed.")


def _check_signature(message: _Message, key_id: str, key: PublicKey) -> None:
    keys = MappingKeyResolver(
        public_keys={key_id: Ed25519PublicKey.from_public_bytes(key.raw)}, private_keys={}
    )
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        verifier.verify(message, max_age=None, expect_tag=TAG, require_components=COVERED)
    except HTTPMessageSignaturesException as error:
        raise RequestSignatureError("signature-invalid", "The signature does not hold.") from error
