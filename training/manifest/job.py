"""The manifest as a whole."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from catalog.tiers import Purpose
from training.manifest.errors import BROKEN_RULES, ManifestError
from training.manifest.parts import (
    Closed,
    Did,
    Family,
    HeldOut,
    InputVersion,
    JobLimits,
    Output,
    Slug,
    Text,
    Training,
    Weights,
)
from training.manifest.rules import broken_rules


class JobManifest(Closed):
    """One job for one node: contributed CPT from a base, or an evaluation of a base and its candidates.

    Construct it with `build_manifest` or `parse_manifest`, which raise ManifestError. Times carry a zone.
    """

    schema_version: Literal["1"] = "1"
    job_id: UUID
    kind: Literal["contributed-cpt", "evaluation"]
    purpose: Purpose
    round_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=64)]
    round_number: Annotated[int, Field(ge=1, le=1_000_000)]
    node: Did
    member: Slug
    family: Family
    base: Weights
    candidates: Annotated[tuple[Weights, ...], Field(max_length=64)] = ()
    inputs: Annotated[tuple[InputVersion, ...], Field(min_length=1, max_length=1000)]
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
