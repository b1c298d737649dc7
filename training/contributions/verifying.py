"""What a node signed, held against the manifest of its job. What does not fit is named, field by field."""

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
    PREDICATE_TEST_RESULT,
    Subject,
    parse_statement,
)
from training.contributions.statement import SUBJECT_NAME, ContributionPredicate, EvaluationPredicate
from training.jobs.manifests import manifest_in
from training.jobs.models import Job
from training.manifest import JobManifest
from training.nodes.models import Node

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SignedContribution:
    """A contribution statement that fits its job: sha256 (hex) of the weights, and what is said of them."""

    weights_sha256: str
    predicate: ContributionPredicate


def read_contribution(node: Node, job: Job, attempt: int, envelope: object) -> SignedContribution:
    """Return the contribution that the envelope holds.

    Raises:
        Invalid: ``statement-invalid`` when it is no statement of ours signed by the node,
        ``statement-mismatch``
            when it speaks of another job, attempt, base, input, codec or number of steps than the manifest.
    """
    subjects, said = _open(node, envelope, PREDICATE_CONTRIBUTION, ContributionPredicate)
    manifest = manifest_in(job)
    expected: dict[str, Any] = {
        **_expected(node, job, attempt),
        "round_id": manifest.round.id if manifest.round else "",
        "manifest": job.manifest_digest,
        "base": manifest.base.digest,
        "inputs": sorted(version.version_digest for version in manifest.inputs),
        "codec": manifest.training.codec,
        "steps": manifest.training.steps,
    }
    _compare(said, expected)
    if [subject.name for subject in subjects] != [SUBJECT_NAME]:
        raise _mismatch({"subject": [f"exactly one, named {SUBJECT_NAME}"]})
    return SignedContribution(subjects[0].sha256, said)


def read_evaluation(node: Node, job: Job, attempt: int, envelope: object) -> EvaluationPredicate:
    """Return the measurements that the envelope holds: each once, and of what the manifest names.

    Raises:
        Invalid: ``statement-invalid``, ``statement-mismatch``.
    """
    subjects, said = _open(node, envelope, PREDICATE_TEST_RESULT, EvaluationPredicate)
    manifest = manifest_in(job)
    _compare(said, _expected(node, job, attempt))
    models = {weights.digest: weights.sha256 for weights in (manifest.base, *manifest.candidates)}
    if {subject.name: subject.sha256 for subject in subjects} != models:
        raise _mismatch({"subject": ["the base and the candidates of the manifest"]})
    keys = [(m.checkpoint, m.version, m.language) for m in said.measurements]
    if len(set(keys)) != len(keys) or not set(keys) <= _measurable(manifest):
        raise _mismatch(
            {"measurements": ["each checkpoint, version and language of the manifest at most once"]}
        )
    return said


def _open(node: Node, envelope: object, kind: str, model: type[P]) -> tuple[tuple[Subject, ...], P]:
    try:
        opened = open_envelope(envelope, keys={node.did: PublicKey.from_did(node.did)})
        stated = parse_statement(opened.payload, predicate_type=kind)
        return stated.subjects, model.model_validate(stated.predicate)
    except SigningError as error:
        raise Invalid(error.detail, code="statement-invalid", fields={"envelope": [error.code]}) from error
    except ValidationError as error:
        fields = {".".join(str(step) for step in item["loc"]): [item["msg"]] for item in error.errors()}
        raise Invalid("The predicate breaks its schema.", code="statement-invalid", fields=fields) from error


def _expected(node: Node, job: Job, attempt: int) -> dict[str, Any]:
    return {"job_id": str(job.pk), "attempt": attempt, "node": node.did}


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


def _mismatch(fields: dict[str, list[str]]) -> Invalid:
    return Invalid(
        "The statement speaks of something else than this job.", code="statement-mismatch", fields=fields
    )
