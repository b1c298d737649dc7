"""Jobs and their signed manifests: made here, and recognised when a node countersigned them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from catalog.datasets.models import DatasetVersion
from provenance.errors import Invalid
from provenance.identity.services import coordinator_key, coordinator_key_id
from provenance.lineage.models import Artifact, ArtifactKind, Relation, Statement
from provenance.lineage.services import connect, keep_statement, register_artifact
from provenance.signing.dsse import open_envelope, payload_digest
from provenance.signing.errors import SigningError
from provenance.signing.keys import PublicKey
from provenance.signing.statements import PREDICATE_JOB_MANIFEST
from training.checkpoints.models import Checkpoint
from training.jobs.dispatching import record_job_event
from training.jobs.manifests import manifest_again, manifest_in, manifest_of
from training.jobs.models import Job, JobInput
from training.jobs.states import JobKind
from training.manifest import JobManifest, Repeated, Weights, seal_manifest
from training.nodes.models import Node
from training.rounds.models import Round
from training.statements import keep_envelope

if TYPE_CHECKING:
    from training.contributions.models import Contribution

MAX_INPUTS: Final = 1000


def create_job(
    round_: Round,
    node: Node,
    *,
    kind: JobKind,
    versions: Sequence[DatasetVersion],
    expires_at: datetime,
    candidates: Sequence[Checkpoint] = (),
    turn: int = 0,
) -> Job:
    """Make a queued job of a round for a node, under a manifest that the coordinator signs, with its lineage.

    ``versions`` were allowed by policy. A manifest holds at most `MAX_INPUTS`; what is beyond is left out and
    counted in the event. ``turn`` tells apart the two evaluations that a round may need.

    Raises:
        ManifestError: the inputs break a rule that policy should have caught (INV-2).
        Invalid: ``teacher-unknown``.
    """
    used = list(versions[:MAX_INPUTS])
    manifest = manifest_of(uuid.uuid4(), round_, node, kind, used, candidates, expires_at)
    job = _seal(manifest, round_, node, versions=used, turn=turn)
    record_job_event(job, "job.created", details={"inputs": len(used), "leftOut": len(versions) - len(used)})
    return job


def create_re_execution(
    contribution: "Contribution", node: Node, *, versions: Sequence[DatasetVersion], expires_at: datetime
) -> Job:
    """Make a queued job that computes a contribution again on another node.

    ``versions`` are all that the contribution's manifest names, allowed by policy.

    Raises:
        ManifestError: the contribution's manifest breaks a rule of today.
    """
    original = contribution.job
    weights = Weights(
        digest=contribution.digest, sha256=contribution.weights_sha256, bytes=contribution.weights_bytes
    )
    repeats = Repeated(contribution=contribution.digest, manifest=original.manifest_digest, weights=weights)
    manifest = manifest_again(uuid.uuid4(), manifest_in(original), node, repeats, expires_at)
    job = _seal(manifest, original.round, node, versions=versions, subject=contribution)
    record_job_event(job, "job.created", details={"repeats": contribution.digest, "inputs": len(versions)})
    return job


def named_key(job: Job) -> PublicKey:
    """Return the key that the manifest is addressed to: in force, or rotated since (its work is finished).

    Raises:
        Invalid: ``key-not-of-node``.
    """
    did = manifest_in(job).node
    if did != job.node.did and not job.node.keys.filter(did=did).exists():
        raise Invalid("The manifest is addressed to a key that is not the node's.", code="key-not-of-node")
    return PublicKey.from_did(did)


def open_countersigned(job: Job, envelope: Mapping[str, Any]) -> Statement:
    """Keep the envelope if it is this job's manifest, byte for byte, signed by coordinator and node.

    Raises:
        Invalid: ``countersignature-invalid``, ``key-not-of-node``.
    """
    key = named_key(job)
    ours, theirs = coordinator_key_id(), key.did
    keys = {ours: coordinator_key().public, theirs: key}
    try:
        open_envelope(envelope, keys=keys, required=(ours, theirs))
    except SigningError as error:
        raise Invalid(error.detail, code="countersignature-invalid", requirement="DM:13") from error
    if payload_digest(envelope) != job.manifest_digest:
        raise Invalid("This is another manifest than the job's.", code="countersignature-invalid")
    return keep_envelope(envelope, predicate_type=PREDICATE_JOB_MANIFEST, key_ids=keys.keys())


def artifacts_of(digests: Iterable[str]) -> list[Artifact]:
    """Return the artifacts with these digests.

    Raises:
        LookupError: one of them was never registered, so that an edge would lead nowhere (INV-4).
    """
    wanted = set(digests)
    found = list(Artifact.objects.filter(digest__in=wanted))
    if len(found) != len(wanted):
        absent = wanted - {artifact.digest for artifact in found}
        raise LookupError(f"no artifact for {', '.join(sorted(absent))}")
    return found


def _seal(
    manifest: JobManifest,
    round_: Round,
    node: Node,
    *,
    versions: Sequence[DatasetVersion],
    turn: int = 0,
    subject: "Contribution | None" = None,
) -> Job:
    """Sign a manifest and keep its job, inputs and lineage."""
    key_id = coordinator_key_id()
    envelope = seal_manifest(manifest, key=coordinator_key(), key_id=key_id)
    job = Job.objects.create(
        id=manifest.job_id,
        round=round_,
        node=node,
        kind=JobKind(manifest.kind),
        turn=turn,
        subject=subject,
        manifest=envelope,
        manifest_digest=payload_digest(envelope),
    )
    JobInput.objects.bulk_create(
        [
            JobInput(job=job, version=version, tier=version.tier, purpose=manifest.purpose)
            for version in versions
        ]
    )
    statement = keep_statement(envelope=envelope, predicate_type=PREDICATE_JOB_MANIFEST, key_ids=[key_id])
    _trace(job, statement, manifest)
    return job


def _trace(job: Job, statement: Statement, manifest: JobManifest) -> None:
    """Draw an edge to everything that the manifest names, on its own word (INV-4)."""
    versions = [version.version_digest for version in manifest.inputs]
    source = register_artifact(
        digest=job.manifest_digest,
        kind=ArtifactKind.MANIFEST,
        name=f"{job.kind} for {job.node.slug} in {job.round}",
        snapshot={
            "job": str(job.pk),
            "kind": str(job.kind),
            "node": job.node.slug,
            "member": job.node.member.slug,
            "round": job.round_id,
            "inputs": sorted(versions),
        },
    )
    models = [weights.digest for weights in (manifest.base, *manifest.candidates)]
    taught = [manifest.teacher.weights.digest] if manifest.teacher else []
    repeated = [manifest.repeats.contribution] if manifest.repeats else []
    targets = artifacts_of([*versions, *models, *taught, *repeated])
    connect(source=source, targets=targets, relation=Relation.USED, statement=statement)
