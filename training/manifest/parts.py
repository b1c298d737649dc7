"""The parts of a job manifest. Numbers have bounds and texts have patterns: nodes act on what they read."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self
from unicodedata import is_normalized

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from catalog.tiers import Tier
from training.merge.architecture import ArchitectureConfig

_LARGEST_EXACT = 2**53 - 1  # what JSON numbers carry between all languages

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Did = Annotated[str, StringConstraints(pattern=r"^did:(key|web):[A-Za-z0-9.%:_-]+$", max_length=300)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Version = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$", max_length=64)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=200)]
ByteCount = Annotated[int, Field(ge=0, le=_LARGEST_EXACT)]


def _inside(path: str) -> str:
    plain = path.isprintable() and "\\" not in path and is_normalized("NFC", path)
    normal = str(PurePosixPath(path)) == path and ".." not in PurePosixPath(path).parts
    if not plain or not normal or path.startswith("/") or path in {"", "."}:
        raise PydanticCustomError("bad-path", "a path is relative, normalised and stays below its folder")
    return path


RelativePath = Annotated[str, StringConstraints(max_length=512), AfterValidator(_inside)]


class Closed(BaseModel):
    """No conversions, no unknown fields, no changes, no NaN."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Access(StrEnum):
    """Where the node gets a file from: the coordinator, with a grant, or its own disk."""

    PULL = "pull"
    LOCAL = "local"


class Part(StrEnum):
    """What a file is for; `split` leaves it to the held-out rule, paragraph by paragraph."""

    TRAIN = "train"
    HELD_OUT = "held-out"
    SPLIT = "split"


class Family(Closed):
    """The model family: its slug, its architecture, its tokenizer (the bytes of UTF-8 themselves)."""

    slug: Slug
    architecture: ArchitectureConfig
    tokenizer: Literal["bytes"]


class Weights(Closed):
    """A checkpoint: the digest of its document, and sha256 and size in bytes of its weights."""

    digest: Sha256
    sha256: Sha256
    bytes: ByteCount


class InputFile(Closed):
    """One file of a dataset version; the path is relative to the version's folder."""

    path: RelativePath
    sha256: Sha256
    bytes: ByteCount
    language: Language
    access: Access
    part: Part = Part.SPLIT


class InputVersion(Closed):
    """One immutable dataset version with the tier and licence that it had when the job was approved."""

    version_digest: Sha256
    dataset: Slug
    version: Version
    tier: Tier
    licence: Text
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=500)]
    files: Annotated[tuple[InputFile, ...], Field(min_length=1, max_length=100_000)]


class Training(Closed):
    """How to train, or at which lengths and batches to evaluate; sequences are counted in tokens.

    The learning rate rises over `warmup_steps`. Evaluations use `sequence_length` and `batch_size` only.
    """

    steps: Annotated[int, Field(ge=1, le=1_000_000)]
    batch_size: Annotated[int, Field(ge=1, le=65_536)]
    sequence_length: Annotated[int, Field(ge=2, le=2**20)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    weight_decay: Annotated[float, Field(ge=0, le=1)]
    warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)]
    seed: Annotated[int, Field(ge=0, le=_LARGEST_EXACT)]
    dtype: Literal["fp32"] = "fp32"
    codec: Literal["fp32"] = "fp32"

    @model_validator(mode="after")
    def _warms_up_in_time(self) -> Self:
        if self.warmup_steps > self.steps:
            raise ValueError("warmup_steps exceed steps")
        return self


class HeldOut(Closed):
    """Which paragraphs of a `split` file are never trained on: about one in `every`, chosen by their content.

    paragraph-sha256: those for which the first 8 bytes of the sha256 of their UTF-8, read as a big-endian
    number, are divisible by `every`. By content and not by place, so that a text that stands in two files is
    never both trained on and tested.
    """

    rule: Literal["paragraph-sha256"] = "paragraph-sha256"
    every: Annotated[int, Field(ge=2, le=10_000)]


class JobLimits(Closed):
    """What the job may use on the node: wall-clock seconds, bytes of memory."""

    seconds: Annotated[int, Field(ge=1, le=30 * 86_400)]
    memory_bytes: Annotated[int, Field(ge=2**20, le=2**46)]


class Output(Closed):
    """Tier and licence of what the job makes."""

    tier: Tier
    licence: Text
