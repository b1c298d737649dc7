"""What a node signs about its member's data, alone and under its did:key: a seal or a list of files.

Each is an in-toto Statement in a DSSE envelope. The signer names its own key, so anybody can read one;
whether that key belongs to a node of the member is for the reader to ask.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from provenance.signing.canonical import digest
from provenance.signing.commitments import SEAL_TYPE
from provenance.signing.dsse import open_envelope, seal
from provenance.signing.errors import AttestationError
from provenance.signing.keys import PrivateKey, resolve_did_key
from provenance.signing.statements import (
    PREDICATE_DESCRIPTION,
    PREDICATE_SEAL,
    Statement,
    Subject,
    parse_statement,
    statement,
)

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedSeal:
    """``commitment`` as 64 hex digits, the ``node``'s did:key, and when it sealed by its own clock (UTC)."""

    commitment: str
    node: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDescription:
    """Files as ``{path, sha256, bytes, records, language, mediaType}``, facts as ``catalog.facts`` has them.

    ``facts`` is None where the node could not compute any. Neither is checked beyond being JSON.
    """

    node: str
    described_at: datetime
    files: list[dict[str, Any]]
    facts: dict[str, Any] | None


def sign_seal(commitment: str, *, key: PrivateKey, at: datetime) -> dict[str, Any]:
    """Return the envelope that a steward hands in: the commitment, and nothing of what it stands for.

    Raises:
        StatementError: subject-malformed, when the commitment is no sha256.
    """
    said = statement(
        subjects=[Subject("seal", commitment)],
        predicate_type=PREDICATE_SEAL,
        predicate={"type": SEAL_TYPE, "node": key.did, "sealedAt": _written(at)},
    )
    return seal(said, key=key, key_id=key.did)


def read_seal(envelope: object) -> SignedSeal:
    """Return what a seal's envelope says, if the one node that it names signed it.

    Raises:
        EnvelopeError, StatementError, AttestationError: with the code of the first rule that is broken.
    """
    node, stated = _open(envelope, PREDICATE_SEAL)
    predicate = stated.predicate
    if set(predicate) != {"type", "node", "sealedAt"} or predicate["type"] != SEAL_TYPE:
        raise AttestationError("attestation-malformed", f"Expected a seal of the type {SEAL_TYPE}.")
    return SignedSeal(
        commitment=stated.subjects[0].sha256, node=node, sealed_at=_read_time(predicate["sealedAt"])
    )


def sign_description(
    files: Sequence[Mapping[str, Any]], *, facts: Mapping[str, Any] | None, key: PrivateKey, at: datetime
) -> dict[str, Any]:
    """Return the envelope over a list of files that stay on the node; its subject is the list's digest.

    Raises:
        JsonError: json-not-canonical. EnvelopeError: envelope-too-large.
    """
    listed = [dict(file) for file in files]
    said = statement(
        subjects=[Subject("files", digest(listed))],
        predicate_type=PREDICATE_DESCRIPTION,
        predicate={
            "node": key.did,
            "describedAt": _written(at),
            "files": listed,
            "facts": None if facts is None else dict(facts),
        },
    )
    return seal(said, key=key, key_id=key.did)


def read_description(envelope: object) -> SignedDescription:
    """Return what a description's envelope says, if the one node that it names signed it.

    Raises:
        EnvelopeError, StatementError, AttestationError: with the code of the first rule that is broken.
    """
    node, stated = _open(envelope, PREDICATE_DESCRIPTION)
    predicate = stated.predicate
    if set(predicate) != {"node", "describedAt", "files", "facts"}:
        raise AttestationError("attestation-malformed", "Expected node, describedAt, files and facts.")
    files, facts = predicate["files"], predicate["facts"]
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise AttestationError("attestation-malformed", "files is a list of JSON objects.")
    if facts is not None and not isinstance(facts, dict):
        raise AttestationError("attestation-malformed", "facts is a JSON object, or null.")
    if stated.subjects[0].sha256 != digest(files):
        raise AttestationError("attestation-malformed", "The subject is not the digest of the files.")
    described_at = _read_time(predicate["describedAt"])
    return SignedDescription(node=node, described_at=described_at, files=files, facts=facts)


def _open(envelope: object, predicate_type: str) -> tuple[str, Statement]:
    """Return the signer's did:key and the statement about its one subject."""
    node = _signer(envelope)
    key = resolve_did_key(node)
    if key is None or key.did != node:
        raise AttestationError("attestation-signer", "The keyid has to be the did:key of the node.")
    opened = open_envelope(envelope, keys={node: key})
    stated = parse_statement(opened.payload, predicate_type=predicate_type)
    if len(stated.subjects) != 1:
        raise AttestationError("attestation-malformed", "Expected exactly one subject.")
    if stated.predicate.get("node") != node:
        raise AttestationError(
            "attestation-signer", "The statement names another node than the one that signed."
        )
    return node, stated


def _signer(envelope: object) -> str:
    signatures = envelope.get("signatures") if isinstance(envelope, Mapping) else None
    if not isinstance(signatures, list) or len(signatures) != 1 or not isinstance(signatures[0], Mapping):
        raise AttestationError("attestation-signer", "Expected an envelope with one signature, the node's.")
    return str(signatures[0].get("keyid"))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_time(text: object) -> datetime:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise AttestationError("attestation-malformed", "A time is written as 2026-01-31T12:00:00Z.")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise AttestationError("attestation-malformed", f"{text} is no time.") from error
