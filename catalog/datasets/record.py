"""The descriptive record of an entry: what a steward fills in and each version freezes (FIELD.md §4)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from catalog.datasets.vocabulary import LanguageTag, Licence, Theme
from catalog.tiers import Stage, Tier


def _has_some_text(texts: dict[str, str]) -> dict[str, str]:
    kept = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not kept:
        raise ValueError("write it in at least one language")
    return kept


TextPerLanguage = Annotated[dict[LanguageTag, str], AfterValidator(_has_some_text)]


class Part(BaseModel):
    """Base of all parts: unknown fields are refused, values are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Contact(Part):
    """Who answers questions about the entry."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


class Rights(Part):
    """The four questions of DG:3, each answered by its holder and never guessed."""

    commercial_use: bool
    model_training: bool
    redistribution: bool
    attribution: bool


class Residency(Part):
    """Where data of a tier other than open may be, and what may leave there."""

    boundary: str = Field(min_length=1, max_length=200)
    storage: list[str] = Field(min_length=1, max_length=50)
    processing: list[str] = Field(min_length=1, max_length=50)
    raw_may_leave: bool
    derived_may_leave: bool
    updates_may_leave: bool


ArtifactType = Literal[
    "raw", "prepared", "pre-training", "sft", "preference", "reward-verifiable", "validation", "eval"
]


class DatasetRecord(Part):
    """A complete record, ready for submission. Drafts hold the same fields, any of them still missing."""

    title: TextPerLanguage
    summary: TextPerLanguage
    description: TextPerLanguage
    artifact_type: ArtifactType
    modality: Literal["text", "image", "audio", "video", "tabular", "code", "multimodal"]
    themes: list[Theme] = Field(min_length=1, max_length=13)
    languages: list[LanguageTag] = Field(min_length=1, max_length=200)
    represents: str = Field(min_length=1, max_length=300)
    tier: Tier
    licence: Licence
    rights: Rights
    permitted_stages: list[Stage] = Field(min_length=1)
    residency: Residency | None = None
    personal_data: Literal["none", "public-figures", "pseudonymous", "personal", "special-category"]
    consent: str = Field(default="", max_length=4000)
    origin: str = Field(default="", max_length=4000)
    contact: Contact
    affirmed: Literal[True]
