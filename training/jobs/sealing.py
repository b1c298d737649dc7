"""Jobs and their signed manifests: made here, and recognised when a node countersigned them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

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
from training.jobs.manifests import manifest_of
from training.jobs.models import Job, JobInput
from training.jobs.states import JobKind
from training.manifest import seal_manifest
from training.nodes.models import Node
from training.rounds.models import Round
from training.statements import keep_envelope

MAX_INPUTS: Final = 1000


def create_job(
    round_: Round,
    node: Node,
    *,
    kind: JobKind,
    versions: Sequence[DatasetVersion],
    expires_at: datetime,
    candidates: Sequence[Checkpoint] = (),
) -> Job:
    """Make a queued job of a round for a node, under a manifest that the coordinator signs, with its lineage.

    ``versions`` were allowed by policy. A manifest holds at most `MAX_INPUTS`; what is beyond is left out and
    counted in the event.

    Raises:
        ManifestError: the inputs break a rule that policy should have caught (INV-2).
    """
    used = list(versions[:MAX_INPUTS])
    job_id = uuid.uuid4()
    manifest = manifest_of(job_id, round_, node, kind, used, candidates, expires_at)
    key_id = coordinator_key_id()
    envelope = seal_manifest(manifest, key=coordinator_key(), key_id=key_id)
    job = Job.objects.create(
        id=job_id,
        round=round_,
        node=node,
        kind=kind,
        manifest=envelope,
        manifest_digest=payload_digest(envelope),
    )
    JobInput.objects.bulk_create(
        [JobInput(job=job, version=version, tier=version.tier, purpose=manifest.purpose) for version in used]
    )
    statement = keep_statement(envelope=envelope, predicate_type=PREDICATE_JOB_MANIFEST, key_ids=[key_id])
    _trace(job, statement, [version.digest for version in used], [round_.base, *candidates])
    record_job_event(job, "job.created", details={"inputs": len(used), "leftOut": len(versions) - len(used)})
    return job


def open_countersigned(job: Job, envelope: Mapping[str, Any]) -> Statement:
    """Keep the envelope if it is this job's manifest, byte for byte, signed by coordinator and node.

    Raises:
        Invalid: ``countersignature-invalid``.
    """
    ours, theirs = coordinator_key_id(), job.node.did
    keys = {ours: coordinator_key().public, theirs: PublicKey.from_did(theirs)}
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


def _trace(
    job: Job, statement: Statement, versions: Sequence[str], checkpoints: Sequence[Checkpoint]
) -> None:
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
    targets = artifacts_of([*versions, *(checkpoint.digest for checkpoint in checkpoints)])
    connect(source=source, targets=targets, relation=Relation.USED, statement=statement)
