"""What a node signs about its work: in-toto Statements in DSSE envelopes, under its did:key."""

from typing import Any

from provenance.signing.dsse import seal
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_TEST_RESULT,
    Subject,
    statement,
)
from training.manifest import JobManifest


def seal_contribution(
    manifest: JobManifest,
    *,
    key: PrivateKey,
    attempt: int,
    manifest_digest: str,
    sha256: str,
    size: int,
    report: dict[str, Any],
) -> dict[str, Any]:
    """Return the envelope that makes these weights this node's contribution to the round."""
    training = manifest.training
    predicate = {
        "jobId": str(manifest.job_id),
        "roundId": manifest.round.id if manifest.round else "",
        "attempt": attempt,
        "node": key.did,
        "manifest": manifest_digest,
        "base": manifest.base.digest,
        "inputs": sorted(entry.version_digest for entry in manifest.inputs),
        "codec": training.codec,
        "bytes": size,
        "steps": training.steps,
        "tokens": int(report["tokens"]),
        "firstLoss": float(report["first_loss"]),
        "lastLoss": float(report["last_loss"]),
    }
    said = statement(
        subjects=[Subject("delta.safetensors", sha256)],
        predicate_type=PREDICATE_CONTRIBUTION,
        predicate=predicate,
    )
    return seal(said, key=key, key_id=key.did)


def seal_evaluation(
    manifest: JobManifest, *, key: PrivateKey, attempt: int, results: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the envelope with this node's measurements, as an in-toto test result."""
    predicate = {
        "result": "PASSED",
        "configuration": [],
        "jobId": str(manifest.job_id),
        "attempt": attempt,
        "node": key.did,
        "measurements": [
            {
                "checkpoint": item["checkpoint"],
                "version": item["version"],
                "language": item["language"],
                "bitsPerByte": item["bits_per_byte"],
                "bytes": item["bytes"],
            }
            for item in results
        ],
    }
    models = (manifest.base, *manifest.candidates)
    said = statement(
        subjects=[Subject(model.digest, model.sha256) for model in models],
        predicate_type=PREDICATE_TEST_RESULT,
        predicate=predicate,
    )
    return seal(said, key=key, key_id=key.did)
