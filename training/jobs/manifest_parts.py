"""Rows in the words of a manifest: round, family, data, training."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final, Literal

from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.tiers import Tier, strictest
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.jobs.states import JobKind
from training.manifest.parts import (
    Access,
    Family,
    InputFile,
    InputVersion,
    Output,
    Part,
    Reading,
    RoundTerms,
    Teacher,
    TokenizerFile,
    Training,
    Weights,
)
from training.merge import ArchitectureConfig
from training.rounds.dispatch_policy import used_for
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan

MAX_LICENCE: Final = 200
ACCESS: Final = {DatasetFile.Storage.BLOB: Access.PULL, DatasetFile.Storage.POINTER: Access.LOCAL}
READINGS: Final = {
    ".jsonl": Reading.JSONL_TEXT,
    ".ndjson": Reading.JSONL_TEXT,
    ".parquet": Reading.PARQUET_TEXT,
    "application/jsonl": Reading.JSONL_TEXT,
    "application/x-ndjson": Reading.JSONL_TEXT,
    "application/vnd.apache.parquet": Reading.PARQUET_TEXT,
}
"""By a file's ending, else by its media type; shared work reads text alone, so an object has its ``text``."""


def weights_of(checkpoint: Checkpoint) -> Weights:
    """Return a checkpoint as manifests name it."""
    return Weights(digest=checkpoint.digest, sha256=checkpoint.weights_sha256, bytes=checkpoint.weights_bytes)


def teacher_of(checkpoint: Checkpoint | None) -> Teacher | None:
    """Return the model that a distillation learns from, with the architecture of its own family."""
    if checkpoint is None:
        return None
    architecture = ArchitectureConfig.model_validate(checkpoint.family.architecture)
    return Teacher(weights=weights_of(checkpoint), architecture=architecture)


def terms_of(round_: Round) -> RoundTerms:
    """Return what a member's own policy may ask about a round."""
    return RoundTerms(
        id=str(round_.pk),
        number=round_.number,
        mode="asynchronous" if round_.mode == Round.Mode.ASYNCHRONOUS else "synchronous",
        quorum=round_.quorum,
        opened_at=round_.opened_at,
        deadline=round_.deadline,
    )


def family_of(family: ModelFamily) -> Family:
    """Return a family with its architecture and its tokenizer."""
    architecture = ArchitectureConfig.model_validate(family.architecture)
    tokenizer: Literal["bytes"] | TokenizerFile = "bytes"
    if family.tokenizer_sha256:
        tokenizer = TokenizerFile(sha256=family.tokenizer_sha256, bytes=family.tokenizer_bytes)
    return Family(slug=family.slug, architecture=architecture, tokenizer=tokenizer)


def input_of(version: DatasetVersion) -> InputVersion:
    """Return a dataset version with its files: where each is, what it is for and how it is read."""
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
                reading=reading_of(file.path, file.media_type),
            )
            for file in version.files.all()
        ),
    )


def reading_of(path: str, media_type: str) -> Reading:
    """Return how a file's bytes become text: by its ending, else by its media type, else line by line."""
    suffix = PurePosixPath(path).suffix.lower()
    return READINGS.get(suffix) or READINGS.get(media_type.partition(";")[0].strip(), Reading.LINES)


def mixture_of(plan: TrainingPlan, kind: JobKind, versions: Sequence[DatasetVersion]) -> dict[str, float]:
    """Return the share of each version by its digest; empty where their bytes decide, or nothing trains."""
    if plan.mixture == "bytes" or kind == JobKind.EVALUATION:
        return {}
    return {version.digest: 1 / len(versions) for version in versions}


def training_of(plan: TrainingPlan, kind: JobKind) -> Training:
    """Return the settings of a job; an evaluation reads lengths, batches and numbers' type of them."""
    return Training(
        steps=plan.steps,
        batch_size=plan.batch_size,
        sequence_length=plan.sequence_length,
        learning_rate=plan.learning_rate,
        weight_decay=plan.weight_decay,
        warmup_steps=plan.warmup_steps,
        seed=plan.seed,
        objective="distillation" if kind == JobKind.DISTILLATION else "cpt",
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


def output_of(versions: Sequence[DatasetVersion]) -> Output:
    """Return what comes out: as strict as the strictest input (INV-2), under all their licences."""
    tier = strictest(Tier(version.tier) for version in versions)
    return Output(tier=tier, licence=_joint_licence(versions))


def _joint_licence(versions: Sequence[DatasetVersion]) -> str:
    """Every input's licence binds what was made from all of them: their conjunction, in SPDX's words."""
    licences = sorted({str(version.record["licence"]) for version in versions})
    if len(licences) == 1:
        return licences[0]
    joint = " AND ".join(f"({text})" if " " in text else text for text in licences)
    return joint if len(joint) <= MAX_LICENCE else "LicenseRef-tapestry-inputs"
