"""The descriptive record of an entry: what a steward fills in and each version freezes (FIELD.md §4)."""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from catalog.datasets.record.coverage import DeclaredSize, Period
from catalog.datasets.record.parts import LongText, Part, Share, TextPerLanguage, WebAddress
from catalog.datasets.record.privacy import CommunityConsent, Screened
from catalog.datasets.record.provenance import Collection, Creator, Processing, Source, Synthetic
from catalog.datasets.record.quality import Quality
from catalog.datasets.record.rights import Residency, Rights
from catalog.datasets.vocabulary import (
    ArtifactType,
    ConsentBasis,
    LanguageTag,
    Licence,
    Modality,
    PersonalData,
    PrivacyTechnology,
    ProhibitedUse,
    Region,
    Theme,
    UnwantedCategory,
)
from catalog.tiers import Stage, Tier


class Contact(Part):
    """Who answers questions about the entry."""

    name: str = Field(min_length=1, max_length=200)
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    role: str = Field(default="", max_length=100)


class DatasetRecord(Part):
    """A complete record, ready for submission. Drafts hold the same fields, any of them still missing.

    Fields without a default are demanded at submission (R in FIELD.md §4); the others make an entry more
    useful, and ``catalog.cards.completeness`` says for what. Of private data there is no record here at all:
    see ``SealedRecord``.
    """

    # Identity
    title: TextPerLanguage
    summary: TextPerLanguage
    description: TextPerLanguage
    artifact_type: ArtifactType
    # People
    contact: Contact
    creators: list[Creator] = Field(default=[], max_length=100)
    affirmed: Literal[True]
    # Coverage
    modality: Modality
    themes: list[Theme] = Field(min_length=1, max_length=13)
    keywords: list[str] = Field(default=[], max_length=50)
    languages: list[LanguageTag] = Field(min_length=1, max_length=200)
    shares: dict[LanguageTag, Share] = {}
    represents: str = Field(min_length=1, max_length=300)
    regions: list[Region] = Field(default=[], max_length=100)
    temporal: Period | None = None
    size: DeclaredSize | None = None
    located_at: WebAddress | None = None
    # Tier and rights
    tier: Tier
    licence: Licence
    rights: Rights
    permitted_stages: list[Stage] = Field(min_length=1)
    prohibited_uses: list[ProhibitedUse] = Field(default=[], max_length=30)
    retention_days: int | None = Field(default=None, ge=1, le=36_500)
    embargo_until: date | None = None
    benefit_sharing: LongText = ""
    terms_of_service: LongText = ""
    export_control: LongText = ""
    excluded_sources: LongText = ""
    # Residency
    residency: Residency | None = None
    # Provenance
    origin: LongText = ""
    collection: Collection | None = None
    processing: Processing | None = None
    sources: list[Source] = Field(default=[], max_length=100)
    synthetic: Synthetic | None = None
    # Consent and privacy
    personal_data: PersonalData
    privacy_technology: list[PrivacyTechnology] = Field(default=[], max_length=20)
    consent_basis: ConsentBasis | None = None
    consent: LongText = ""
    consent_document: WebAddress | None = None
    community_consent: CommunityConsent | None = None
    screening: dict[UnwantedCategory, Screened] = {}
    # Quality
    quality: Quality | None = None

    @model_validator(mode="after")
    def _shares_fit_the_languages(self) -> Self:
        strange = sorted(self.shares.keys() - set(self.languages))
        if strange:
            raise ValueError(f"shares: {', '.join(strange)} is not among the languages")
        if sum(self.shares.values()) > 1.001:  # noqa: PLR2004 - one, and what rounding adds
            raise ValueError("shares: together they are more than the whole")
        return self

    @model_validator(mode="after")
    def _private_data_have_no_record(self) -> Self:
        if self.tier is Tier.PRIVATE:
            raise ValueError(
                "tier: private data are sealed on their node; nothing of their record comes here"
            )
        return self
