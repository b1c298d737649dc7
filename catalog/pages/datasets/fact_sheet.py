"""The computed facts in the words and rows of a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import DatasetVersion
from catalog.design.quantities import human_bytes
from catalog.inspection.reading import ShownFacts

UNCERTAIN: Final = "und"
MOST_LANGUAGES: Final = 30
FEW_LANGUAGES: Final = 4
KINDS: Final[dict[str, str | Promise]] = {
    "e-mail": _("E-mail addresses"),
    "phone": _("Telephone numbers"),
    "iban": _("Bank accounts (IBAN)"),
    "card": _("Payment cards"),
    "ip-address": _("IP addresses"),
}
REPEATS: Final[dict[str, str | Promise]] = {
    "exact_duplicates": _("Exactly the same"),
    "near_duplicates": _("Nearly the same"),
}
TOKENIZERS: Final[dict[str, str | Promise]] = {"utf-8-bytes": _("bytes of UTF-8")}


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the key figures (templates/components/key_figures.html)."""

    label: str | Promise
    value: str
    unit: str | Promise = ""


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A language with what was said and what was found of it, in percent; None where nothing was."""

    tag: str
    declared: bool
    told: float | None
    found: float | None
    note: str | Promise

    @property
    def is_certain(self) -> bool:
        """Whether it is a language at all, and not what the detector could not tell."""
        return self.tag != UNCERTAIN


@dataclass(frozen=True, slots=True)
class PersonalRow:
    """How often something was found in the sample, and the estimate for a million records."""

    kind: str | Promise
    count: int
    per_million: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page and the summary show; ``shown`` is what the reader may know."""

    shown: ShownFacts
    figures: tuple[Figure, ...]
    languages: tuple[LanguageRow, ...]
    bound: float
    repeats: tuple[Figure, ...]
    personal: tuple[PersonalRow, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts themselves."""
        return self.shown.facts

    @property
    def detected(self) -> tuple[LanguageRow, ...]:
        """The languages that were found, the largest first."""
        return tuple(row for row in self.languages if row.found)

    @property
    def few_detected(self) -> tuple[LanguageRow, ...]:
        """Those that the summary names."""
        return self.detected[:FEW_LANGUAGES]

    @property
    def more_detected(self) -> int:
        """How many the summary does not name."""
        return len(self.detected) - len(self.few_detected)

    @property
    def has_notes(self) -> bool:
        """Whether there is something to say about a language."""
        return any(row.note for row in self.languages)


def sheet_of(version: DatasetVersion, shown: ShownFacts) -> Sheet:
    """Put facts into rows; without facts all rows are empty."""
    facts = shown.facts
    if not facts:
        return Sheet(shown, (), (), 0.0, (), ())
    return Sheet(
        shown=shown,
        figures=tuple(_figures(facts)),
        languages=tuple(_languages(version, facts)),
        bound=_percent(facts["language_bound"]),
        repeats=tuple(_repeats(facts)),
        personal=tuple(
            PersonalRow(KINDS.get(each["kind"], each["kind"]), each["count"], each["per_million_records"])
            for each in facts["personal_data"]
        ),
    )


def _figures(facts: Mapping[str, Any]) -> Iterator[Figure]:
    yield Figure(_("Files"), number_format(facts["files"], use_l10n=True, force_grouping=True))
    yield Figure(_("Size"), human_bytes(facts["bytes"]))
    if facts["unpacked_bytes"] != facts["bytes"]:
        yield Figure(_("Unpacked"), human_bytes(facts["unpacked_bytes"]))
    yield Figure(_("Records"), number_format(facts["records"], use_l10n=True, force_grouping=True))
    tokens = facts["tokens"]
    count = number_format(tokens["count"], use_l10n=True, force_grouping=True)
    named = TOKENIZERS.get(tokens["tokenizer"], tokens["tokenizer"])
    yield Figure(_("Tokens (%(tokenizer)s)") % {"tokenizer": named}, count)


def _repeats(facts: Mapping[str, Any]) -> Iterator[Figure]:
    for name, label in REPEATS.items():
        if facts[name] is not None:
            yield Figure(label, f"{number_format(_percent(facts[name]), 1)}", "%")


def _languages(version: DatasetVersion, facts: Mapping[str, Any]) -> Iterator[LanguageRow]:
    found = {each["tag"]: each["share"] for each in facts["languages"]}
    told = {each["tag"]: each["share"] for each in version.languages}
    told |= dict.fromkeys(set(version.record.get("languages") or ()) - told.keys())
    tags = sorted(found.keys() | told.keys(), key=lambda tag: (-(found.get(tag) or 0), tag))
    for tag in tags[:MOST_LANGUAGES]:
        share = told.get(tag)
        yield LanguageRow(
            tag=tag,
            declared=tag in told,
            told=None if share is None else _percent(share),
            found=_percent(found[tag]) if tag in found else None,
            note=_note(tag, facts),
        )


def _note(tag: str, facts: Mapping[str, Any]) -> str | Promise:
    if tag in facts["unrecognisable"]:
        return _("The detector does not know this language.")
    if tag in facts["not_found"]:
        return _("Declared, and not found in the sample.")
    if tag in facts["undeclared"]:
        return _("Found, and not declared.")
    return ""


def _percent(share: float) -> float:
    return round(share * 100, 1)
