"""What a job's manifest says, gathered from the round, the node and the dataset versions."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.policy import POLICY_VERSION
from training.checkpoints.models import Checkpoint
from training.jobs.leases import lease_seconds
from training.jobs.manifest_parts import (
    family_of,
    input_of,
    mixture_of,
    output_of,
    teacher_of,
    terms_of,
    training_of,
    weights_of,
)
from training.jobs.models import Job
from training.jobs.states import JobKind
from training.jobs.teachers import teacher_in
from training.manifest import JobManifest, Kind, Repeated, build_manifest, parse_manifest
from training.manifest.parts import HeldOut, JobLimits
from training.nodes.models import Node
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan


def manifest_in(job: Job) -> JobManifest:
    """Return the manifest of a job. It was sealed here, so its signature is not checked again."""
    return parse_manifest(of_today(json.loads(base64.b64decode(job.manifest["payload"]))["predicate"]))


def manifest_of(
    job_id: uuid.UUID,
    round_: Round,
    node: Node,
    kind: JobKind,
    versions: Sequence[DatasetVersion],
    candidates: Sequence[Checkpoint],
    expires_at: datetime,
) -> JobManifest:
    """Return the manifest of one job; the output is as strict as the strictest input (INV-2).

    Raises:
        ManifestError: the inputs break a rule that policy should have caught.
    """
    plan = TrainingPlan.model_validate(round_.plan)
    return build_manifest(
        job_id=job_id,
        kind=Kind(kind),
        purpose=Kind(kind).purpose,
        round=terms_of(round_),
        node=node.did,
        member=node.member.slug,
        family=family_of(round_.family),
        base=weights_of(round_.base),
        candidates=tuple(weights_of(checkpoint) for checkpoint in candidates),
        teacher=teacher_of(teacher_in(plan) if kind == JobKind.DISTILLATION else None),
        inputs=tuple(input_of(version) for version in versions),
        mixture=mixture_of(plan, kind, versions),
        training=training_of(plan, kind),
        held_out=HeldOut(every=plan.held_out.every),
        limits=JobLimits(seconds=plan.limits.seconds, memory_bytes=plan.limits.memory_bytes),
        output=output_of(versions),
        policy_version=POLICY_VERSION,
        issued_at=timezone.now(),
        expires_at=expires_at,
        lease_seconds=lease_seconds(),
    )


def manifest_again(
    job_id: uuid.UUID, original: JobManifest, node: Node, repeats: Repeated, expires_at: datetime
) -> JobManifest:
    """Return the manifest under which ``node`` computes a contribution again.

    All that the update is a function of stands in it as it stood in the ``original``.

    Raises:
        ManifestError: the original breaks a rule of today.
    """
    changed = {
        "job_id": job_id,
        "kind": Kind.RE_EXECUTION,
        "purpose": Kind.RE_EXECUTION.purpose,
        "node": node.did,
        "member": node.member.slug,
        "repeats": repeats,
        "policy_version": POLICY_VERSION,
        "issued_at": timezone.now(),
        "expires_at": expires_at,
        "lease_seconds": lease_seconds(),
    }
    return build_manifest(**{**dict(original), **changed})


def of_today(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest of version 1, which rows of before hold, in the words of version 2."""
    if document.get("schema_version") != "1":
        return dict(document)
    changed = {key: value for key, value in document.items() if key not in {"round_id", "round_number"}}
    terms = {
        "id": document["round_id"],
        "number": document["round_number"],
        "quorum": 1,
        "opened_at": document["issued_at"],
        "deadline": document["expires_at"],
    }
    return {**changed, "schema_version": "2", "round": terms}
