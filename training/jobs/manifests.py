"""What a job's manifest says, gathered from the round, the node and the dataset versions."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from django.utils import timezone

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.policy import POLICY_VERSION
from catalog.tiers import Tier, strictest
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.jobs.leases import lease_seconds
from training.jobs.models import Job
from training.jobs.states import JobKind
from training.manifest import JobManifest, Kind, build_manifest, parse_manifest
from training.manifest.parts import (
    Access,
    Family,
    HeldOut,
    InputFile,
    InputVersion,
    JobLimits,
    Output,
    Part,
    RoundTerms,
    TokenizerFile,
    Training,
    Weights,
)
from training.merge import ArchitectureConfig
from training.nodes.models import Node
from training.rounds.dispatch_policy import used_for
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan

MAX_LICENCE: Final = 200
ACCESS: Final = {DatasetFile.Storage.BLOB: Access.PULL, DatasetFile.Storage.POINTER: Access.LOCAL}


def manifest_in(job: Job) -> JobManifest:
    """Return the manifest of a job. It was sealed here, so its signature is not checked again."""
    return parse_manifest(of_today(json.loads(base64.b64decode(job.manifest["payload"]))["predicate"]))


def weights_of(checkpoint: Checkpoint) -> Weights:
    """Return a checkpoint as manifests name it."""
    return Weights(digest=checkpoint.digest, sha256=checkpoint.weights_sha256, bytes=checkpoint.weights_bytes)


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
        round=_terms(round_),
        node=node.did,
        member=node.member.slug,
        family=_family(round_.family),
        base=weights_of(round_.base),
        candidates=tuple(weights_of(checkpoint) for checkpoint in candidates),
        inputs=tuple(_input(version) for version in versions),
        training=_training(plan),
        held_out=HeldOut(every=plan.held_out.every),
        limits=JobLimits(seconds=plan.limits.seconds, memory_bytes=plan.limits.memory_bytes),
        output=Output(
            tier=strictest(Tier(version.tier) for version in versions), licence=_joint_licence(versions)
        ),
        policy_version=POLICY_VERSION,
        issued_at=timezone.now(),
        expires_at=expires_at,
        lease_seconds=lease_seconds(),
    )


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


def _terms(round_: Round) -> RoundTerms:
    return RoundTerms(
        id=str(round_.pk),
        number=round_.number,
        mode=round_.mode,
        quorum=round_.quorum,
        opened_at=round_.opened_at,
        deadline=round_.deadline,
    )


def _family(family: ModelFamily) -> Family:
    architecture = ArchitectureConfig.model_validate(family.architecture)
    tokenizer: Literal["bytes"] | TokenizerFile = "bytes"
    if family.tokenizer_sha256:
        tokenizer = TokenizerFile(sha256=family.tokenizer_sha256, bytes=family.tokenizer_bytes)
    return Family(slug=family.slug, architecture=architecture, tokenizer=tokenizer)


def _input(version: DatasetVersion) -> InputVersion:
    part = Part.HELD_OUT if used_for(version.record["artifact_type"]) == "evaluation" else Part.SPLIT
    return InputVersion(
        version_digest=version.digest,
        dataset=version.dataset.slug,
        version=str(version.number),
        tier=Tier(version.tier),
        licence=version.record["licence"],
        languages=tuple(version.record["languages"]),
        files=tuple(
            InputFile(
                path=file.path,
                sha256=file.sha256,
                bytes=file.bytes,
                language=file.language or "und",
                access=ACCESS[DatasetFile.Storage(file.storage)],
                part=part,
            )
            for file in version.files.all()
        ),
    )


def _training(plan: TrainingPlan) -> Training:
    return Training(
        steps=plan.steps,
        batch_size=plan.batch_size,
        sequence_length=plan.sequence_length,
        learning_rate=plan.learning_rate,
        weight_decay=plan.weight_decay,
        warmup_steps=plan.warmup_steps,
        seed=plan.seed,
        objective="distillation" if plan.teacher else "cpt",
        temperature=plan.temperature,
        lora=plan.lora,
        accumulation=plan.accumulation,
        gradient_checkpointing=plan.gradient_checkpointing,
        deterministic=plan.deterministic,
        checkpoint_every=plan.checkpoint_every,
        dtype=plan.dtype,
        codec=plan.codec,
        hooks=plan.hooks,
    )


def _joint_licence(versions: Sequence[DatasetVersion]) -> str:
    """Every input's licence binds what was made from all of them: their conjunction, in SPDX's words."""
    licences = sorted({str(version.record["licence"]) for version in versions})
    if len(licences) == 1:
        return licences[0]
    joint = " AND ".join(f"({text})" if " " in text else text for text in licences)
    return joint if len(joint) <= MAX_LICENCE else "LicenseRef-tapestry-inputs"
