"""A record as rows that people read: the same rows on check-answers, on a version and in a difference."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.design.languages import autonym, text_direction
from catalog.design.terms import label_of
from catalog.design.tier_words import TIER_WORDS

Label = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value as text; texts written by stewards carry their language and direction."""

    text: str
    tag: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answer; no lines mean that nobody answered it."""

    path: str
    label: Label
    step: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Where an answer stands in the record, how it is called, where it is asked, of which vocabulary."""

    path: str
    label: Label
    step: str
    scheme: str = ""


QUESTIONS: Final = (
    Question("title", _("Title"), "about"),
    Question("summary", _("Summary"), "about"),
    Question("description", _("Description"), "about"),
    Question("artifact_type", _("Stage of work"), "about", "artifact-type"),
    Question("modality", _("Kind of data"), "about", "modality"),
    Question("languages", _("Languages"), "coverage"),
    Question("represents", _("Represents"), "coverage"),
    Question("themes", _("Themes"), "coverage", "theme"),
    Question("tier", _("Tier"), "tier", "tier"),
    Question("licence", _("Licence or rights basis"), "tier"),
    Question("rights.commercial_use", _("Commercial use"), "tier"),
    Question("rights.model_training", _("Training of models"), "tier"),
    Question("rights.redistribution", _("Passing on"), "tier"),
    Question("rights.attribution", _("Source must be named"), "tier"),
    Question("permitted_stages", _("Permitted stages"), "tier", "stage"),
    Question("residency.boundary", _("Residency boundary"), "residency"),
    Question("residency.storage", _("Stored in"), "residency"),
    Question("residency.processing", _("Processed in"), "residency"),
    Question("residency.raw_may_leave", _("Raw data may leave"), "residency"),
    Question("residency.derived_may_leave", _("Derived data may leave"), "residency"),
    Question("residency.updates_may_leave", _("Weight updates may leave"), "residency"),
    Question("origin", _("Origin and collection"), "provenance"),
    Question("personal_data", _("Data about people"), "provenance", "personal-data"),
    Question("consent", _("Consent"), "provenance"),
    Question("contact.name", _("Contact"), "provenance"),
    Question("contact.email", _("Contact’s address"), "provenance"),
)
LABELS: Final = {question.path: question.label for question in QUESTIONS}
STEP_OF: Final = {question.path.split(".")[0]: question.step for question in QUESTIONS}


def rows_of(record: Mapping[str, Any]) -> list[Row]:
    """Return every question with its answer, in the order in which they are asked."""
    return [
        Row(path=each.path, label=each.label, step=each.step, lines=tuple(_lines(each, record)))
        for each in QUESTIONS
    ]


def answer_at(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path, None where a part is missing."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _lines(question: Question, record: Mapping[str, Any]) -> Iterator[Line]:
    value = answer_at(record, question.path)
    if value in (None, "", []):
        return
    if isinstance(value, Mapping):
        for tag, text in value.items():
            yield Line(text=str(text), tag=tag, direction=text_direction(tag))
    elif question.path == "languages" and isinstance(value, list):
        for tag in map(str, value):
            yield Line(text=f"{autonym(tag)} ({tag})", tag=tag)
    else:
        yield from (
            Line(text=_said(one, question.scheme)) for one in (value if isinstance(value, list) else [value])
        )


def _said(value: Any, scheme: str) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if scheme == "tier":
        return str(TIER_WORDS[value].word) if value in TIER_WORDS else str(value)
    return label_of(scheme, str(value)) if scheme else str(value)
