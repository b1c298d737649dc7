"""The plan of a private build: what a member writes, and the manifest that its own node makes of it."""

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catalog.tiers import Purpose, Tier
from provenance.signing.canonical import canonicalize
from training.manifest import (
    Access,
    Family,
    HeldOut,
    InputFile,
    InputVersion,
    JobLimits,
    JobManifest,
    Kind,
    ManifestError,
    Output,
    Part,
    Reading,
    Training,
    Weights,
    build_manifest,
)
from training.node.client import hash_file
from training.node.errors import Refused
from training.node.own_data.describing import language_of
from training.node.own_data.listing import ListedFile, list_files
from training.node.toml_files import checked, read_toml

POLICY_VERSION = "local"
LIFE = timedelta(days=30)
LEASE = 60


class Closed(BaseModel):
    """No unknown names: a misspelt line is said, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BasePlan(Closed):
    """Where the build starts: a file (with its shape), a checkpoint of the consortium, or an earlier build.

    ``architecture`` and ``tokenizer`` (a path to a ``tokenizer.json``) are for a file; others know theirs.
    """

    file: Path | None = None
    checkpoint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    build: str | None = None
    architecture: dict[str, Any] = {}
    tokenizer: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for value in (self.file, self.checkpoint, self.build)) != 1:
            raise ValueError("say exactly one of file, checkpoint and build")
        if self.file is not None and not self.architecture:
            raise ValueError("a file needs its architecture")
        return self


class InputPlan(Closed):
    """One dataset below the node's data folder, and which of its files are read how."""

    dataset: str
    files: list[str] = ["*"]
    version: str = "local"
    tier: Tier = Tier.PRIVATE
    licence: str = "LicenseRef-own"
    language: str = ""
    reading: Reading = Reading.LINES
    part: Part = Part.TRAIN
    share: Annotated[float, Field(gt=0, le=1)] | None = None


class LimitsPlan(Closed):
    """What the build may use: seconds of wall clock, bytes of memory."""

    seconds: int = 3600
    memory_bytes: int = 8 << 30


class BuildPlan(Closed):
    """``PLAN.toml`` of ``tapestry-node build``."""

    kind: Literal["private-cpt", "private-sft", "private-dpo"]
    base: BasePlan
    inputs: Annotated[list[InputPlan], Field(min_length=1)]
    training: dict[str, Any]
    limits: LimitsPlan = LimitsPlan()
    held_out_every: int = 20
    licence: str = "LicenseRef-own"


class Start(Closed):
    """A base as it was found: the file, its digest, its shape and tokenizer."""

    weights: Weights
    family: Family
    files: dict[str, Path]


def read_plan(path: Path) -> BuildPlan:
    """Read a plan.

    Raises:
        SetupError: ``build-plan``, naming each line that is wrong.
    """
    code = "build-plan"
    return checked(BuildPlan, read_toml(path, code=code), path, code=code)


def manifest_of(plan: BuildPlan, *, start: Start, data: Path, node: str, member: str) -> JobManifest:
    """Return the manifest that the node itself signs: of a private kind, without a round.

    Raises:
        Refused: ``build-plan`` with what the manifest's own rules say; ``no-files``.
    """
    kind = Kind(plan.kind)
    inputs = [_version(item, data) for item in plan.inputs]
    shares = [item.share for item in plan.inputs]
    mixture = {
        version.version_digest: share
        for version, share in zip(inputs, shares, strict=True)
        if share is not None
    }
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        return build_manifest(
            job_id=uuid4(),
            kind=kind,
            purpose=Purpose.SOVEREIGN_BUILD,
            node=node,
            member=member,
            family=start.family,
            base=start.weights,
            inputs=tuple(inputs),
            mixture=mixture,
            training=_training(plan, kind),
            held_out=HeldOut(every=plan.held_out_every),
            limits=JobLimits(**plan.limits.model_dump()),
            output=Output(tier=Tier.PRIVATE, licence=plan.licence),
            policy_version=POLICY_VERSION,
            issued_at=now,
            expires_at=now + LIFE,
            lease_seconds=LEASE,
        )
    except ManifestError as error:
        raise Refused("build-plan", str(error)) from None


def _training(plan: BuildPlan, kind: Kind) -> Training:
    objective = {Kind.PRIVATE_CPT: "cpt", Kind.PRIVATE_SFT: "sft", Kind.PRIVATE_DPO: "dpo"}[kind]
    usual = {"weight_decay": 0.01, "warmup_steps": 0, "seed": 1}
    try:
        # Through JSON: TOML has lists where the manifest has tuples.
        asked = canonicalize({**usual, **plan.training, "objective": objective})
        return Training.model_validate_json(asked)
    except ValidationError as error:
        raise ManifestError.from_validation(error) from error


def _version(plan: InputPlan, data: Path) -> InputVersion:
    found = [file for file in list_files(data / plan.dataset) if _chosen(file, plan)]
    if not found:
        raise Refused("no-files", f"{plan.dataset}: no file matches {', '.join(plan.files)}")
    files = tuple(_file(file, plan) for file in found)
    listed = [{"path": file.path, "sha256": file.sha256, "bytes": file.bytes} for file in files]
    return InputVersion(
        version_digest=sha256(canonicalize({"dataset": plan.dataset, "files": listed})).hexdigest(),
        dataset=plan.dataset,
        version=plan.version,
        tier=plan.tier,
        licence=plan.licence,
        languages=tuple(sorted({file.language for file in files})),
        files=files,
    )


def _chosen(file: ListedFile, plan: InputPlan) -> bool:
    return any(fnmatchcase(file.name, pattern) for pattern in plan.files)


def _file(file: ListedFile, plan: InputPlan) -> InputFile:
    digest, size = hash_file(file.path)
    return InputFile(
        path=file.name,
        sha256=digest.hex(),
        bytes=size,
        language=plan.language or language_of(file.name) or "und",
        access=Access.LOCAL,
        part=plan.part,
        reading=plan.reading,
    )
