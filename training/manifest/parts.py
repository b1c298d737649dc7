"""The parts of a job manifest. Numbers have bounds and texts have patterns: nodes act on what they read."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self
from unicodedata import is_normalized

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
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


CANARIES = "canaries.txt"
"""Path of the file in which a version declares its canaries, one a line."""


class Access(StrEnum):
    """Where the node gets a file from: the coordinator, with a grant, or its own disk."""

    PULL = "pull"
    LOCAL = "local"


class Part(StrEnum):
    """What a file is for; `split` leaves it to the held-out rule, paragraph by paragraph."""

    TRAIN = "train"
    HELD_OUT = "held-out"
    SPLIT = "split"


class Reading(StrEnum):
    """How a file's bytes become examples.

    lines: each line of UTF-8 text is a paragraph. jsonl-text: each line an object with `text`.
    jsonl-messages: with `messages`, a list of {role, content}. jsonl-preferences: with `prompt`, `chosen`,
    `rejected`. parquet-text: a table with a column `text`.
    """

    LINES = "lines"
    JSONL_TEXT = "jsonl-text"
    JSONL_MESSAGES = "jsonl-messages"
    JSONL_PREFERENCES = "jsonl-preferences"
    PARQUET_TEXT = "parquet-text"


class TokenizerFile(Closed):
    """A `tokenizer.json` by its sha256 and size in bytes, pulled like an input."""

    sha256: Sha256
    bytes: ByteCount


class Family(Closed):
    """The model family: its slug, its architecture, its tokenizer.

    "bytes" means the bytes of UTF-8 themselves.
    """

    slug: Slug
    architecture: ArchitectureConfig
    tokenizer: Literal["bytes"] | TokenizerFile


class Weights(Closed):
    """A checkpoint: the digest of its document, and sha256 and size in bytes of its weights."""

    digest: Sha256
    sha256: Sha256
    bytes: ByteCount


class Teacher(Closed):
    """The larger model that a distillation learns from: of the same tokenizer, of its own architecture."""

    weights: Weights
    architecture: ArchitectureConfig


class Repeated(Closed):
    """The contribution that a re-execution computes again.

    `manifest` is the digest of the manifest that it was made under; its bytes may be pulled to be compared.
    """

    contribution: Sha256
    manifest: Sha256
    weights: Weights


class RoundTerms(Closed):
    """The round that asks, as far as a member's own policy may want to know."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=64)]
    number: Annotated[int, Field(ge=1, le=1_000_000)]
    mode: Literal["synchronous", "asynchronous"] = "synchronous"
    quorum: Annotated[int, Field(ge=1, le=1000)]
    opened_at: AwareDatetime
    deadline: AwareDatetime


class InputFile(Closed):
    """One file of a dataset version; the path is relative to the version's folder."""

    path: RelativePath
    sha256: Sha256
    bytes: ByteCount
    language: Language
    access: Access
    part: Part = Part.SPLIT
    reading: Reading = Reading.LINES

    @property
    def declares_canaries(self) -> bool:
        """Whether it lists strings that are planted in the version's text: then it is no text itself."""
        return self.path == CANARIES


class InputVersion(Closed):
    """One immutable dataset version with the tier and licence that it had when the job was approved."""

    version_digest: Sha256
    dataset: Slug
    version: Version
    tier: Tier
    licence: Text
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=500)]
    files: Annotated[tuple[InputFile, ...], Field(min_length=1, max_length=100_000)]


class Lora(Closed):
    """Low-rank adapters instead of all weights (Hu et al. 2021, arXiv:2106.09685); the update is the product.

    `targets` name kinds of layers, of every block alike.
    """

    rank: Annotated[int, Field(ge=1, le=1024)]
    alpha: Annotated[int, Field(ge=1, le=4096)]
    targets: Annotated[
        tuple[Literal["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], ...],
        Field(min_length=1, max_length=7),
    ]


Codec = Literal["fp32", "bf16", "int8-block", "int4-block"]
Hook = Literal["curve", "gradient-norm", "memory", "energy"]


class Training(Closed):
    """How to train, or at which lengths and batches to evaluate; sequences are counted in tokens.

    The learning rate rises over `warmup_steps`. Evaluations use `sequence_length`, `batch_size` and `dtype`.
    A step sees `batch_size` sequences, `accumulation` times over; a node with several accelerators shares the
    batch out among them. `checkpoint_every` counts steps between the node's own checkpoints, 0 leaves it to
    the node. `beta` is DPO's (Rafailov et al. 2023, arXiv:2305.18290), `temperature` the distillation's
    (Hinton et al. 2015, arXiv:1503.02531). `hooks` name what is measured beside the loss: no code travels.
    """

    steps: Annotated[int, Field(ge=1, le=1_000_000)]
    batch_size: Annotated[int, Field(ge=1, le=65_536)]
    sequence_length: Annotated[int, Field(ge=2, le=2**20)]
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    weight_decay: Annotated[float, Field(ge=0, le=1)]
    warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)]
    seed: Annotated[int, Field(ge=0, le=_LARGEST_EXACT)]
    objective: Literal["cpt", "sft", "dpo", "distillation"] = "cpt"
    beta: Annotated[float, Field(gt=0, le=10)] = 0.1
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    lora: Lora | None = None
    accumulation: Annotated[int, Field(ge=1, le=4096)] = 1
    gradient_checkpointing: bool = False
    deterministic: bool = True
    checkpoint_every: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    dtype: Literal["fp32", "bf16"] = "fp32"
    codec: Codec = "fp32"
    hooks: Annotated[tuple[Hook, ...], Field(max_length=4)] = ("curve",)

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
