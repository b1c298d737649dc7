"""What a node signs about its work: in-toto Statements in DSSE envelopes, under its did:key."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from provenance.signing.dsse import seal
from provenance.signing.keys import PrivateKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_RE_EXECUTION,
    PREDICATE_TEST_RESULT,
    Subject,
    statement,
)
from training.manifest import JobManifest
from training.node.errors import JobError
from training.node.jobs.journal import Encoded, Journal

SUBJECT: Final = "delta.safetensors"


def seal_contribution(journal: Journal, manifest: JobManifest, *, key: PrivateKey) -> dict[str, Any]:
    """Return the envelope that makes the encoded update this node's contribution to the round.

    The attempt is the one that computed it: the same word holds under each later one.
    """
    training, report = manifest.training, journal.results[0]
    encoded = _encoded(journal)
    predicate = {
        **_about(journal, manifest),
        "roundId": manifest.round.id if manifest.round else "",
        "manifest": journal.manifest_digest,
        "base": manifest.base.digest,
        "inputs": sorted(entry.version_digest for entry in manifest.inputs),
        "codec": training.codec,
        "encodingError": encoded.error,
        "bytes": encoded.bytes,
        "steps": training.steps,
        "tokens": int(report["tokens"]),
        "firstLoss": float(report["first_loss"]),
        "lastLoss": float(report["last_loss"]),
    }
    return _sealed([Subject(SUBJECT, encoded.sha256)], PREDICATE_CONTRIBUTION, predicate, key)


def seal_re_execution(
    journal: Journal, manifest: JobManifest, *, key: PrivateKey, distance: float
) -> dict[str, Any]:
    """Return the envelope that says whether the repeated contribution came out again.

    ``distance`` is the Frobenius norm of the difference over that of the other's update; 0 where the bytes
    are the same.
    """
    mine, repeats = _encoded(journal).sha256, manifest.repeats
    same = repeats is not None and mine == repeats.weights.sha256
    predicate = {
        **_about(journal, manifest),
        "manifest": journal.manifest_digest,
        "contribution": repeats.contribution if repeats else "",
        "identical": same,
        "distance": 0.0 if same else distance,
        "weights": mine,
    }
    return _sealed([Subject(SUBJECT, mine)], PREDICATE_RE_EXECUTION, predicate, key)


def seal_evaluation(journal: Journal, manifest: JobManifest, *, key: PrivateKey) -> dict[str, Any]:
    """Return the envelope with this node's measurements, as an in-toto test result."""
    predicate: dict[str, Any] = {
        "result": "PASSED",
        "configuration": [],
        **_about(journal, manifest),
        "measurements": [
            {
                "checkpoint": item["checkpoint"],
                "version": item["version"],
                "language": item["language"],
                "bitsPerByte": item["bits_per_byte"],
                "bytes": item["bytes"],
            }
            for item in journal.results
            if "probe" not in item
        ],
    }
    if probes := [_probe(item) for item in journal.results if "probe" in item]:
        predicate["probes"] = probes  # left out elsewhere: a coordinator that knows no probes reads on
    models = (manifest.base, *manifest.candidates)
    subjects = [Subject(model.digest, model.sha256) for model in models]
    return _sealed(subjects, PREDICATE_TEST_RESULT, predicate, key)


def _probe(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": item["probe"],
        **{name: item[name] for name in ("checkpoint", "version", "value", "canaries")},
    }


def _about(journal: Journal, manifest: JobManifest) -> dict[str, Any]:
    return {"jobId": journal.job, "attempt": journal.computed_under, "node": manifest.node}


def _encoded(journal: Journal) -> Encoded:
    if journal.encoded is None:
        raise JobError("journal-damaged", "the journal does not say what was encoded")
    return journal.encoded


def _sealed(
    subjects: Sequence[Subject], predicate_type: str, predicate: dict[str, Any], key: PrivateKey
) -> dict[str, Any]:
    said = statement(subjects=subjects, predicate_type=predicate_type, predicate=predicate)
    return seal(said, key=key, key_id=key.did)
