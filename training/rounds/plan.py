"""The settings of a round's training: the same for every node, decided when the round opens, frozen after."""

import json
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from training.manifest.parts import Codec, Hook, Lora


class Part(BaseModel):
    """Base of the plan's parts: unknown fields are refused, nothing changes after it was written."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeldOutRule(Part):
    """Which paragraphs are kept back for evaluation: one in ``every``, chosen by the paragraph's own hash."""

    every: Annotated[int, Field(ge=2, le=1000)] = 10


class Limits(Part):
    """What a node may spend on one job: seconds of wall clock, bytes of memory."""

    seconds: Annotated[int, Field(ge=1, le=7 * 86_400)] = 600
    memory_bytes: Annotated[int, Field(ge=64 * 2**20)] = 4 * 2**30


class TrainingPlan(Part):
    """Demonstration defaults train a byte-level Llama of half a million parameters in seconds on two cores.

    ``learning_rate`` rises linearly over ``warmup_steps``, then falls to zero as a cosine; ``weight_decay``
    is AdamW's; ``sequence_length`` counts tokens; a step sees ``batch_size`` sequences, ``accumulation``
    times over. Each evaluation, of the candidate and of a base that is another one, may take
    ``evaluation_seconds``.
    With a ``teacher`` (digest of a base of the same tokenizer) the round distils. ``mixture``: how often each
    dataset version is drawn from. What the others mean says `training.manifest.Training`.
    """

    schema_version: Literal[1] = 1
    steps: Annotated[int, Field(ge=1, le=1_000_000)] = 60
    batch_size: Annotated[int, Field(ge=1, le=65_536)] = 8
    sequence_length: Annotated[int, Field(ge=8, le=131_072)] = 128
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 3e-3
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.01
    warmup_steps: Annotated[int, Field(ge=0, le=1_000_000)] = 10
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    teacher: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0
    lora: Lora | None = None
    accumulation: Annotated[int, Field(ge=1, le=4096)] = 1
    gradient_checkpointing: bool = False
    deterministic: bool = True
    checkpoint_every: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    dtype: Literal["fp32", "bf16"] = "fp32"
    codec: Codec = "fp32"
    hooks: Annotated[tuple[Hook, ...], Field(max_length=4)] = ("curve",)
    mixture: Literal["bytes", "equal"] = "bytes"
    held_out: HeldOutRule = HeldOutRule()
    limits: Limits = Limits()
    evaluation_seconds: Annotated[int, Field(ge=1, le=7 * 86_400)] = 600

    @field_validator("lora", mode="before")
    @classmethod
    def _reads_what_was_stored(cls, told: object) -> object:
        # JSON has no tuples, and a part of the manifest converts nothing from Python's lists.
        return Lora.model_validate_json(json.dumps(told)) if isinstance(told, dict) else told

    @model_validator(mode="after")
    def _warms_up_in_time(self) -> Self:
        # The manifest has the same rule: broken there, the round would be open already.
        if self.warmup_steps > self.steps:
            raise ValueError("warmup_steps exceed steps")
        return self
