"""A record as rows that people read: the same rows on check-answers, on a version and in a difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.pages.answers import Line, lines_of

Label = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answer, under a heading; no lines mean that nobody answered it."""

    path: str
    label: Label
    step: str
    group: Label
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Where an answer stands in the record, how it is called, where it is asked, and how it is read.

    ``reading`` is the scheme of its vocabulary, or a name that ``catalog.pages.answers`` knows.
    """

    path: str
    label: Label
    step: str
    reading: str = ""


# Headings under which the steps' answers stand on an entry's page.
GROUPS: Final[Mapping[str, Label]] = {
    "about": _("Identity"),
    "people": _("People"),
    "coverage": _("Coverage"),
    "extent": _("Coverage"),
    "tier": _("Tier and rights"),
    "rights": _("Tier and rights"),
    "residency": _("Residency"),
    "provenance": _("Provenance"),
    "privacy": _("Consent and privacy"),
    "quality": _("Quality"),
}
QUESTIONS: Final = (
    Question("title", _("Title"), "about", "texts"),
    Question("summary", _("Summary"), "about", "texts"),
    Question("description", _("Description"), "about", "texts"),
    Question("artifact_type", _("Stage of work"), "about", "artifact-type"),
    Question("modality", _("Kind of data"), "about", "modality"),
    Question("contact.name", _("Contact"), "people"),
    Question("contact.email", _("Contact’s address"), "people"),
    Question("contact.role", _("Contact’s part"), "people"),
    Question("creators", _("Creators"), "people", "creators"),
    Question("languages", _("Languages"), "coverage", "languages"),
    Question("shares", _("Share of each language"), "coverage", "shares"),
    Question("represents", _("Represents"), "coverage"),
    Question("themes", _("Themes"), "coverage", "theme"),
    Question("keywords", _("Keywords"), "coverage"),
    Question("regions", _("Countries and regions"), "coverage", "region"),
    Question("temporal.start", _("Speaks of a time from"), "coverage", "day"),
    Question("temporal.end", _("Speaks of a time until"), "coverage", "day"),
    Question("located_at", _("Kept at"), "extent", "address"),
    Question("size.bytes", _("Declared size"), "extent", "bytes"),
    Question("size.records", _("Declared records"), "extent", "count"),
    Question("size.tokens", _("Declared tokens"), "extent", "count"),
    Question("size.tokenizer", _("Counted by the tokenizer"), "extent"),
    Question("tier", _("Tier"), "tier", "tier"),
    Question("licence", _("Licence or rights basis"), "rights"),
    Question("rights.model_training", _("Training of models"), "rights", "known"),
    Question("rights.commercial_use", _("Commercial use"), "rights", "known"),
    Question("rights.redistribution", _("Passing on"), "rights", "known"),
    Question("rights.attribution", _("Source must be named"), "rights", "known"),
    Question("permitted_stages", _("Permitted stages"), "rights", "stage"),
    Question("prohibited_uses", _("Forbidden uses"), "rights", "prohibited-use"),
    Question("embargo_until", _("Embargo until"), "rights", "day"),
    Question("retention_days", _("Copies may be kept for"), "rights", "days"),
    Question("benefit_sharing", _("Sharing of benefits"), "rights"),
    Question("terms_of_service", _("Terms of service"), "rights"),
    Question("export_control", _("Export control"), "rights"),
    Question("excluded_sources", _("Left out on purpose"), "rights"),
    Question("residency.boundary", _("Residency boundary"), "residency", "region"),
    Question("residency.storage", _("Stored in"), "residency", "region"),
    Question("residency.processing", _("Processed in"), "residency", "region"),
    Question("residency.raw_may_leave", _("Raw data may leave"), "residency"),
    Question("residency.derived_may_leave", _("Derived data may leave"), "residency"),
    Question("residency.updates_may_leave", _("Weight updates may leave"), "residency"),
    Question("residency.controls", _("Technical controls"), "residency", "technical-control"),
    Question("residency.epsilon", _("Privacy budget ε"), "residency"),
    Question("origin", _("Origin"), "provenance"),
    Question("collection.methods", _("Methods of collection"), "provenance", "collection-method"),
    Question("collection.period.start", _("Collected from"), "provenance", "day"),
    Question("collection.period.end", _("Collected until"), "provenance", "day"),
    Question("processing.curation", _("Curation"), "provenance"),
    Question("processing.deduplication", _("Removal of repetitions"), "provenance"),
    Question("processing.filters", _("Filters"), "provenance"),
    Question("processing.tools", _("Tools"), "provenance"),
    Question("sources", _("Pinned sources"), "provenance", "sources"),
    Question("synthetic.generator", _("Generated by"), "provenance"),
    Question("synthetic.terms", _("Terms of the generator"), "provenance"),
    Question("personal_data", _("Data about people"), "privacy", "personal-data"),
    Question("privacy_technology", _("Protection of people"), "privacy", "privacy-technology"),
    Question("consent_basis", _("Basis of consent"), "privacy", "consent-basis"),
    Question("consent", _("Consent"), "privacy"),
    Question("consent_document", _("Consent form"), "privacy", "address"),
    Question("community_consent.what", _("The community gave"), "privacy"),
    Question("community_consent.use", _("The community gave it for"), "privacy"),
    Question("community_consent.weights_shared", _("It agreed that weights are shared"), "privacy"),
    Question("community_consent.revocation", _("How it takes its consent back"), "privacy"),
    Question("screening", _("Screened for"), "privacy", "screening"),
    Question("quality.score", _("Score of quality"), "quality", "percent"),
    Question("quality.method", _("Measured by"), "quality"),
    Question("quality.duplication", _("Repeated records"), "quality", "percent"),
    Question("quality.contamination", _("Tasks of known benchmarks"), "quality"),
    Question("quality.known_bias", _("Known bias"), "quality"),
    Question("quality.limits", _("Limits"), "quality"),
    Question("quality.expert_review", _("Review by experts"), "quality"),
)
LABELS: Final = {question.path: question.label for question in QUESTIONS}
STEP_OF: Final = {question.path.split(".")[0]: question.step for question in QUESTIONS}


def rows_of(record: Mapping[str, Any]) -> list[Row]:
    """Return every question with its answer, ordered by heading and then as they are asked."""
    return [
        Row(
            path=each.path,
            label=each.label,
            step=each.step,
            group=GROUPS[each.step],
            lines=lines_of(answer_at(record, each.path), each.reading),
        )
        for each in QUESTIONS
    ]


def answer_at(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path, None where a part is missing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
