"""What a node signed, held against the manifest of its job. What does not fit is named, field by field.

The key is the one that the manifest names: a node that rotated its key in between finishes under the old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from provenance.errors import Invalid
from provenance.signing.dsse import open_envelope
from provenance.signing.errors import SigningError
from provenance.signing.keys import PublicKey
from provenance.signing.statements import (
    PREDICATE_CONTRIBUTION,
    PREDICATE_RE_EXECUTION,
    PREDICATE_TEST_RESULT,
    Subject,
    parse_statement,
)
from training.contributions.statement import (
    SUBJECT_NAME,
    ContributionPredicate,
    EvaluationPredicate,
    ReExecutionPredicate,
)
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.jobs.sealing import named_key
from training.manifest import JobManifest

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SignedContribution:
    """A contribution statement that fits its job: sha256 (hex) of the weights, and what is said of them."""

    weights_sha256: str
    predicate: ContributionPredicate


def read_contribution(job: Job, attempt: int, envelope: object) -> SignedContribution:
    """Return the contribution that the envelope holds; it was computed in ``attempt`` or an earlier one.

    Raises:
        Invalid: ``key-not-of-node``; ``statement-invalid`` when it is no statement of ours signed by the
            node; ``statement-mismatch`` when it speaks of another job, base, input, codec or number of steps
            than the manifest, or of an attempt that is still to come.
    """
    key = named_key(job)
    subjects, said = _open(key, envelope, PREDICATE_CONTRIBUTION, ContributionPredicate)
    manifest = manifest_in(job)
    expected: dict[str, Any] = {
        **_expected(key, job, min(said.attempt, attempt)),
        "round_id": manifest.round.id if manifest.round else "",
        "manifest": job.manifest_digest,
        "base": manifest.base.digest,
        "inputs": sorted(version.version_digest for version in manifest.inputs),
        "codec": manifest.training.codec,
        "steps": manifest.training.steps,
    }
    _compare(said, expected)
    return SignedContribution(_only_subject(subjects), said)


def read_re_execution(job: Job, attempt: int, envelope: object) -> ReExecutionPredicate:
    """Return what the envelope says of a contribution that was computed again.

    Raises:
        Invalid: ``key-not-of-node``, ``statement-invalid``, ``statement-mismatch``.
    """
    key = named_key(job)
    subjects, said = _open(key, envelope, PREDICATE_RE_EXECUTION, ReExecutionPredicate)
    repeats = manifest_in(job).repeats
    if repeats is None:
        raise LookupError(f"{job} repeats nothing")
    expected: dict[str, Any] = {
        **_expected(key, job, min(said.attempt, attempt)),
        "manifest": job.manifest_digest,
        "contribution": repeats.contribution,
        "identical": said.weights == repeats.weights.sha256,
        "distance": 0.0 if said.identical else said.distance,
        "weights": _only_subject(subjects),
    }
    _compare(said, expected)
    return said


def read_evaluation(job: Job, attempt: int, envelope: object) -> EvaluationPredicate:
    """Return the measurements that the envelope holds: each once, and of what the manifest names.

    Raises:
        Invalid: ``key-not-of-node``, ``statement-invalid``, ``statement-mismatch``.
    """
    key = named_key(job)
    subjects, said = _open(key, envelope, PREDICATE_TEST_RESULT, EvaluationPredicate)
    manifest = manifest_in(job)
    _compare(said, _expected(key, job, min(said.attempt, attempt)))
    models = {weights.digest: weights.sha256 for weights in (manifest.base, *manifest.candidates)}
    if {subject.name: subject.sha256 for subject in subjects} != models:
        raise _mismatch({"subject": ["the base and the candidates of the manifest"]})
    keys = [(m.checkpoint, m.version, m.language) for m in said.measurements]
    if len(set(keys)) != len(keys) or not set(keys) <= _measurable(manifest):
        raise _mismatch(
            {"measurements": ["each checkpoint, version and language of the manifest at most once"]}
        )
    probed = [(p.checkpoint, p.version, p.kind) for p in said.probes]
    if len(set(probed)) != len(probed) or not {key[:2] for key in probed} <= _probeable(manifest):
        raise _mismatch(
            {"probes": ["each checkpoint and version with canaries of the manifest at most once"]}
        )
    return said


def _open(key: PublicKey, envelope: object, kind: str, model: type[P]) -> tuple[tuple[Subject, ...], P]:
    try:
        opened = open_envelope(envelope, keys={key.did: key})
        stated = parse_statement(opened.payload, predicate_type=kind)
        return stated.subjects, model.model_validate(stated.predicate)
    except SigningError as error:
        raise Invalid(error.detail, code="statement-invalid", fields={"envelope": [error.code]}) from error
    except ValidationError as error:
        fields = {".".join(str(step) for step in item["loc"]): [item["msg"]] for item in error.errors()}
        raise Invalid("The predicate breaks its schema.", code="statement-invalid", fields=fields) from error


def _only_subject(subjects: tuple[Subject, ...]) -> str:
    if [subject.name for subject in subjects] != [SUBJECT_NAME]:
        raise _mismatch({"subject": [f"exactly one, named {SUBJECT_NAME}"]})
    return subjects[0].sha256


def _expected(key: PublicKey, job: Job, attempt: int) -> dict[str, Any]:
    return {"job_id": str(job.pk), "attempt": attempt, "node": key.did}


def _compare(said: BaseModel, expected: Mapping[str, Any]) -> None:
    wrong = {
        type(said).model_fields[name].alias or name: ["does not fit the job's manifest"]
        for name, value in expected.items()
        if getattr(said, name) != value
    }
    if wrong:
        raise _mismatch(wrong)


def _measurable(manifest: JobManifest) -> set[tuple[str, str, str]]:
    return {
        (weights.digest, version.version_digest, file.language)
        for weights in (manifest.base, *manifest.candidates)
        for version in manifest.inputs
        for file in version.files
    }


def _probeable(manifest: JobManifest) -> set[tuple[str, str]]:
    return {
        (weights.digest, version.version_digest)
        for weights in (manifest.base, *manifest.candidates)
        for version in manifest.inputs
        if any(file.declares_canaries for file in version.files)
    }


def _mismatch(fields: dict[str, list[str]]) -> Invalid:
    return Invalid(
        "The statement speaks of something else than this job.", code="statement-mismatch", fields=fields
    )
