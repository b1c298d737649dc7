"""Manifests in signed envelopes: an in-toto Statement about the base and the dataset versions of the job."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from provenance.signing.dsse import open_envelope, seal
from provenance.signing.errors import EnvelopeError, StatementError
from provenance.signing.keys import PrivateKey, PublicKey
from provenance.signing.statements import (
    PREDICATE_JOB_MANIFEST,
    Statement,
    Subject,
    parse_statement,
    statement,
)
from training.manifest.errors import ManifestError
from training.manifest.job import JobManifest, parse_manifest

CLOCK_SKEW = timedelta(minutes=2)
"""How far the coordinator's clock may be ahead of the node's."""


def seal_manifest(manifest: JobManifest, *, key: PrivateKey, key_id: str) -> dict[str, Any]:
    """The manifest as a DSSE envelope signed by the coordinator; raises EnvelopeError if it is too large."""
    sealed = statement(
        subjects=_subjects(manifest), predicate_type=PREDICATE_JOB_MANIFEST, predicate=manifest.document()
    )
    return seal(sealed, key=key, key_id=key_id)


def open_manifest(
    envelope: object,
    *,
    keys: Mapping[str, PublicKey],
    now: datetime,
    node_did: str,
    required: Collection[str] = (),
) -> JobManifest:
    """The manifest in an envelope that one of `keys`, and each id in `required`, has signed for `node_did`.

    Checked in this order, so that nothing unsigned is ever parsed: signature, statement, schema and rules,
    subjects, addressee, time. Raises ManifestError with the code of the first check that fails.
    """
    try:
        opened = open_envelope(envelope, keys=keys, required=required)
    except EnvelopeError as error:
        raise ManifestError.single(error.code, error.detail) from error
    try:
        stated = parse_statement(opened.payload, predicate_type=PREDICATE_JOB_MANIFEST)
    except StatementError as error:
        raise ManifestError.single("not-a-manifest", error.detail) from error
    manifest = parse_manifest(stated.predicate)
    _check(manifest, stated, now, node_did)
    return manifest


def _check(manifest: JobManifest, stated: Statement, now: datetime, node_did: str) -> None:
    if stated.subjects != tuple(_subjects(manifest)):
        raise ManifestError.single("subjects-mismatch", "the subjects are not the manifest's base and inputs")
    if manifest.node != node_did:
        raise ManifestError.single("not-addressed", f"the job is for another node than {node_did}")
    if now < manifest.issued_at - CLOCK_SKEW:
        raise ManifestError.single("not-yet-valid", f"issued at {manifest.issued_at.isoformat()}")
    if now >= manifest.expires_at:
        raise ManifestError.single("expired", f"expired at {manifest.expires_at.isoformat()}")


def _subjects(manifest: JobManifest) -> list[Subject]:
    weights = {
        w.digest: Subject(f"checkpoint/{w.digest}", w.sha256) for w in (manifest.base, *manifest.candidates)
    }
    inputs = [Subject(f"dataset/{v.dataset}@{v.version}", v.version_digest) for v in manifest.inputs]
    return [*weights.values(), *inputs]
