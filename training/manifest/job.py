"""The manifest as a whole."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from catalog.tiers import Purpose
from training.manifest.errors import BROKEN_RULES, ManifestError
from training.manifest.kinds import Kind
from training.manifest.parts import (
    Closed,
    Did,
    Family,
    HeldOut,
    InputVersion,
    JobLimits,
    Output,
    Repeated,
    RoundTerms,
    Sha256,
    Slug,
    Teacher,
    Text,
    Training,
    Weights,
)
from training.manifest.rules import broken_rules

Share = Annotated[float, Field(gt=0, le=1)]


class JobManifest(Closed):
    """One job for one node. Private kinds have no round: their member's node wrote and signed them itself.

    `mixture` is how often each version is drawn from, by digest, adding up to one; empty means by its bytes.
    Construct it with `build_manifest` or `parse_manifest`, which raise ManifestError. Times carry a zone.
    """

    schema_version: Literal["2"] = "2"
    job_id: UUID
    kind: Kind
    purpose: Purpose
    round: RoundTerms | None = None
    node: Did
    member: Slug
    family: Family
    base: Weights
    candidates: Annotated[tuple[Weights, ...], Field(max_length=64)] = ()
    teacher: Teacher | None = None
    repeats: Repeated | None = None
    inputs: Annotated[tuple[InputVersion, ...], Field(min_length=1, max_length=1000)]
    mixture: Annotated[dict[Sha256, Share], Field(max_length=1000)] = {}
    training: Training
    held_out: HeldOut
    limits: JobLimits
    output: Output
    policy_version: Text
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    lease_seconds: Annotated[int, Field(ge=5, le=86_400)]

    @model_validator(mode="after")
    def _keeps_the_rules(self) -> Self:
        problems = tuple(broken_rules(self))
        if problems:
            raise PydanticCustomError(BROKEN_RULES, "the manifest breaks a rule", {"problems": problems})
        return self

    def document(self) -> dict[str, Any]:
        """The manifest as JSON values."""
        return self.model_dump(mode="json")


def build_manifest(**fields: Any) -> JobManifest:
    """A manifest from Python values (parts, enums, datetimes); raises ManifestError."""
    try:
        return JobManifest(**fields)
    except ValidationError as error:
        raise ManifestError.from_validation(error) from error


def parse_manifest(document: Mapping[str, Any]) -> JobManifest:
    """A manifest from JSON values, which must say their version; raises ManifestError (DM:16)."""
    if "schema_version" not in document:
        # A default is right for the writer only: a reader must not guess which version it was given.
        raise ManifestError.single("missing-field", "schema_version is missing")
    try:
        return JobManifest.model_validate_json(json.dumps(document))
    except ValidationError as error:
        raise ManifestError.from_validation(error) from error
