"""What a node sends when it asks for data: a small closed manifest (DM:7, DM:16).

It is read in two parts, because the order of the checks reveals nothing (FIELD.md §3): first only which
version is meant, and the rest once it is clear that the caller may know of that version.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catalog.datasets.vocabulary import Licence
from catalog.tiers import Purpose, Tier
from provenance.errors import Invalid
from training.manifest.parts import RelativePath, Sha256

MANIFEST_VERSION: Final = "1"
MOST_PATHS: Final = 10_000
Slug = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w-]+$")]
Number = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Model = TypeVar("Model", bound=BaseModel)


class Reference(BaseModel):
    """Which immutable version is meant: an entry's slug, with its number or its digest (hex sha256)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    dataset: Slug
    number: Number | None = None
    digest: Sha256 | None = None

    @model_validator(mode="after")
    def _names_one_version(self) -> Self:
        if (self.number is None) == (self.digest is None):
            raise ValueError("name the version by its number or by its digest, by one of the two")
        return self


class OutputWish(BaseModel):
    """What the node will make of the data, and how strictly it promises to keep that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tier: Tier
    licence: Licence


class GrantManifest(Reference):
    """The whole request. ``place`` is ISO 3166-1 alpha-2; without ``paths`` every stored file is meant.

    ``approval`` names what approved the work: ``job:<id>`` of a running job, or ``access:<id>`` of a granted
    request.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal["1"]
    purpose: Purpose
    place: str = Field(pattern=r"^[A-Z]{2}$")
    paths: Annotated[tuple[RelativePath, ...], Field(min_length=1, max_length=MOST_PATHS)] | None = None
    output: OutputWish
    approval: str = Field(default="", pattern=r"^((job|access):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")


def read_reference(body: Mapping[str, Any]) -> Reference:
    """Read which version a request is about.

    Raises:
        Invalid: ``manifest-incomplete``, with the messages per field.
    """
    return _read(Reference, body)


def read_manifest(body: Mapping[str, Any]) -> GrantManifest:
    """Read all of a request.

    Raises:
        Invalid: ``manifest-version-unknown``; ``manifest-incomplete``, with the messages per field.
    """
    if body.get("version", MANIFEST_VERSION) != MANIFEST_VERSION:
        raise Invalid(
            f"This coordinator reads manifests of version {MANIFEST_VERSION!r}.",
            code="manifest-version-unknown",
            requirement="DM:16",
            fields={"version": [f"must be {MANIFEST_VERSION!r}"]},
        )
    return _read(GrantManifest, body)


def _read(form: type[Model], body: Mapping[str, Any]) -> Model:
    try:
        return form.model_validate(body)
    except ValidationError as refused:
        fields: dict[str, list[str]] = {}
        for error in refused.errors(include_url=False, include_input=False, include_context=False):
            name = ".".join(map(str, error["loc"])) or "dataset"
            fields.setdefault(name, []).append(error["msg"].removeprefix("Value error, "))
        raise Invalid(
            "The manifest lacks fields, or some can not be read.",
            code="manifest-incomplete",
            requirement="DM:16",
            fields=fields,
        ) from None
