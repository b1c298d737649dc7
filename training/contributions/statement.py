"""What a node says about its weight update, under its own key. Pure: any outside verifier may import it."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from training.manifest.parts import Codec

SUBJECT_NAME: Final = "delta.safetensors"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Loss = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Ratio = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class ContributionPredicate(BaseModel):
    """Predicate ``urn:tapestry:predicate:contribution:v1``; its one subject is the weights file.

    ``base`` is the digest of the checkpoint it started from, ``inputs`` those of the dataset versions that it
    used, sorted; ``manifest`` that of the manifest's payload. ``attempt`` is the one that computed it.
    ``codec`` says how the file is written, ``encodingError`` what that cost: the Frobenius norm of the error
    over that of the update in fp32.
    Losses are mean cross-entropies in nats per token. Strict, and no field that a verifier would not act on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    job_id: Annotated[str, Field(alias="jobId", pattern=r"^[0-9a-f-]{36}$")]
    round_id: Annotated[int | str, Field(alias="roundId")]
    attempt: Annotated[int, Field(ge=1, le=32_767)]
    node: str
    manifest: Sha256
    base: Sha256
    inputs: Annotated[list[Sha256], Field(min_length=1, max_length=10_000)]
    codec: Codec
    encoding_error: Annotated[Ratio, Field(alias="encodingError")] = 0.0
    bytes: Count
    steps: Count
    tokens: Count
    first_loss: Annotated[Loss, Field(alias="firstLoss")]
    last_loss: Annotated[Loss, Field(alias="lastLoss")]

    @property
    def summary(self) -> dict[str, Any]:
        """The figures that pages show."""
        shown = {"steps", "tokens", "codec", "encoding_error", "first_loss", "last_loss"}
        return self.model_dump(include=shown)


class ReExecutionPredicate(BaseModel):
    """Predicate ``urn:tapestry:predicate:re-execution:v1``; its one subject is the file that came out.

    ``weights`` is its sha256; ``identical`` where that is the contribution's. ``distance`` is the Frobenius
    norm of the difference of the two updates, over that of the contribution.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    job_id: Annotated[str, Field(alias="jobId")]
    attempt: Annotated[int, Field(ge=1, le=32_767)]
    node: str
    manifest: Sha256
    contribution: Sha256
    identical: bool
    distance: Ratio
    weights: Sha256


class Measurement(BaseModel):
    """One figure of an evaluation: bits per byte over so many held-out bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    checkpoint: Sha256
    version: Sha256
    language: Annotated[str, Field(max_length=35)]
    bits_per_byte: Annotated[float, Field(alias="bitsPerByte", ge=0, allow_inf_nan=False)]
    bytes: Annotated[int, Field(ge=1, le=2**53 - 1)]


class ProbeFigure(BaseModel):
    """What one checkpoint gives away of the canaries of one version: means over ``canaries`` of them.

    canary-exposure: bits, at most 9 (Carlini et al. 2019, arXiv:1802.08232). membership-auc: the area under
    the curve of an attack by loss (Yeom et al. 2018, arXiv:1709.01604), 0 to 1, by chance 1/2.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    checkpoint: Sha256
    version: Sha256
    kind: Literal["canary-exposure", "membership-auc"]
    value: Annotated[float, Field(ge=0, le=64, allow_inf_nan=False)]
    canaries: Annotated[int, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _is_an_area(self) -> Self:
        if self.kind == "membership-auc" and self.value > 1:
            raise ValueError("an area under the curve is at most 1")
        return self


class EvaluationPredicate(BaseModel):
    """An in-toto test result, with our measurements beside its own two fields.

    ``probes`` are there where a dataset version declares canaries; older statements have none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    result: Literal["PASSED"]
    configuration: Annotated[list[Any], Field(max_length=0)]
    job_id: Annotated[str, Field(alias="jobId")]
    attempt: Annotated[int, Field(ge=1, le=32_767)]
    node: str
    measurements: Annotated[list[Measurement], Field(max_length=20_000)]
    probes: Annotated[list[ProbeFigure], Field(max_length=20_000)] = []
