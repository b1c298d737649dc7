"""Data Integrity proofs of the suite eddsa-jcs-2022 (W3C vc-di-eddsa 1.0 §3.3, vc-data-integrity 1.0 §4)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from provenance.signing.canonical import canonicalize
from provenance.signing.errors import ProofError, SignatureInvalid
from provenance.signing.keys import PrivateKey, PublicKey, decode_multibase, encode_multibase

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
ASSERTION = "assertionMethod"

Resolve = Callable[[str], PublicKey | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedProof:
    """Who vouched for the document, when by their own clock, and to what end."""

    verification_method: str
    created: datetime | None
    purpose: str


def add_proof(
    document: Mapping[str, Any],
    *,
    key: PrivateKey,
    verification_method: str,
    created: datetime,
    purpose: str = ASSERTION,
) -> dict[str, Any]:
    """Return a copy of `document` with a proof under `proof`.

    `created` needs a zone and is written in UTC with whole seconds. `verification_method` is the DID URL
    under which a verifier finds the public key.

    Raises:
        ProofError: proof-present, when the document has one already.
        JsonError: json-not-canonical.
        ValueError: `created` has no zone.
    """
    if "proof" in document:
        raise ProofError("proof-present", "The document carries a proof already.")
    if created.tzinfo is None:
        raise ValueError("The time of a proof needs a zone.")
    config = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    if "@context" in document:
        config["@context"] = document["@context"]
    signature = key.sign(hash_data(document, config))
    return {**document, "proof": {**config, "proofValue": encode_multibase(signature)}}


def verify_proof(
    document: Mapping[str, Any], *, resolve: Resolve, purpose: str = ASSERTION, now: datetime | None = None
) -> VerifiedProof:
    """Return what the document's one proof attests, if it holds at `now` (default: the present).

    `resolve` turns the proof's verification method into a key that the caller trusts for it, or None.

    Raises:
        ProofError: with the code of the first rule that is broken.
        JsonError: json-not-canonical.
    """
    proof = _single_proof(document)
    if proof["proofPurpose"] != purpose:
        raise ProofError("purpose-mismatch", f"The proof is for {proof['proofPurpose']}, not {purpose}.")
    created, expires = _time(proof, "created"), _time(proof, "expires")
    if expires is not None and expires < (now or datetime.now(UTC)):
        raise ProofError("proof-expired", f"The proof held until {proof['expires']}.")
    key = resolve(proof["verificationMethod"])
    if key is None:
        raise ProofError("key-unknown", f"No key is known as {proof['verificationMethod']}.")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if "@context" in proof:
        unsecured["@context"] = _agreed_context(unsecured.get("@context"), proof["@context"])
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        key.verify(_signature(proof["proofValue"]), hash_data(unsecured, config))
    except SignatureInvalid as error:
        raise ProofError(error.code, error.detail) from error
    return VerifiedProof(verification_method=proof["verificationMethod"], created=created, purpose=purpose)


def hash_data(document: Mapping[str, Any], config: Mapping[str, Any]) -> bytes:
    """Return the 64 bytes that are signed: sha256 of the proof configuration, then that of the document."""
    parts = (canonicalize(dict(config)), canonicalize(dict(document)))
    return b"".join(hashlib.sha256(part).digest() for part in parts)


def _single_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    proof = document.get("proof")
    if proof is None:
        raise ProofError("proof-missing", "The document carries no proof.")
    if not isinstance(proof, dict):
        raise ProofError("proof-malformed", "Expected exactly one proof, as a JSON object.")
    for name in ("type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise ProofError("proof-malformed", f"The proof needs {name}, as text.")
    if (proof["type"], proof["cryptosuite"]) != (PROOF_TYPE, CRYPTOSUITE):
        raise ProofError("proof-malformed", f"Only {PROOF_TYPE} with {CRYPTOSUITE} is understood.")
    return proof


def _time(proof: Mapping[str, Any], name: str) -> datetime | None:
    if name not in proof:
        return None
    try:
        time = datetime.fromisoformat(proof[name])
    except (TypeError, ValueError) as error:
        raise ProofError("proof-malformed", f"The proof's {name} is not a time.") from error
    if time.tzinfo is None:
        raise ProofError("proof-malformed", f"The proof's {name} has no zone.")
    return time


def _agreed_context(of_document: Any, of_proof: Any) -> Any:
    """Return the context that was signed; the document's may only add to its end (vc-di-eddsa §3.3.2)."""
    full = of_document if isinstance(of_document, list) else [of_document]
    signed = of_proof if isinstance(of_proof, list) else [of_proof]
    if full[: len(signed)] != signed:
        raise ProofError("context-mismatch", "The document's @context does not begin with the signed one.")
    return of_proof


def _signature(proof_value: str) -> bytes:
    try:
        return decode_multibase(proof_value)
    except ValueError as error:
        raise ProofError("proof-malformed", "The proofValue is not base58btc multibase text.") from error
