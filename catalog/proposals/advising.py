"""What would make an entry more useful. Advice never blocks; what belongs together is one sentence."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.design.languages import names_of_languages
from catalog.proposals.findings import Finding, advice
from catalog.proposals.wording import wording_of
from catalog.tiers import TRAINING_STAGES

WHOLE: Final = 0.999  # one, less what rounding takes away
# Fields that FIELD.md §4 marks P, per requirement: one sentence names those of a group that are not answered.
WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "DG:1": ("temporal",),
    "DG:2": ("origin", "collection", "processing"),
    "DG:3": ("terms_of_service", "export_control", "excluded_sources", "screening"),
    "DM:6": ("quality",),
}


def advise(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield all advice about a record that says enough by itself; never raises, whatever the draft holds."""
    if record.get("licence") == UNKNOWN_LICENCE:
        message = _("With an unknown licence few may use it; nobody may assume a permissive one.")
        yield advice("licence", "licence-unknown", message)
    if record.get("personal_data") not in (None, "none") and not (
        record.get("consent") or record.get("consent_basis")
    ):
        message = _("It holds data about people, and the basis of consent is not told.")
        yield advice("consent_basis", "consent-missing", message)
    yield from _training(record)
    yield from _embargo(record)
    yield from _shares(record)
    yield from _languages(record, files)
    yield from _wanted(record)


def _training(record: Mapping[str, Any]) -> Iterator[Finding]:
    rights, stages = record.get("rights"), record.get("permitted_stages")
    answer = rights.get("model_training") if isinstance(rights, Mapping) else None
    if not isinstance(stages, list) or not TRAINING_STAGES.intersection(map(str, stages)):
        return
    if answer is False:
        message = _("It permits stages of training, and its rights refuse training: the refusal counts.")
        yield advice("permitted_stages", "stages-without-right", message)
    elif answer == "unknown":
        message = _("Whether models may be trained on it is not known: until it is, nobody trains on it.")
        yield advice("rights.model_training", "right-unknown", message)


def _embargo(record: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        over = date.fromisoformat(str(record.get("embargo_until"))) <= localdate()
    except ValueError:
        return
    if over:
        yield advice("embargo_until", "embargo-over", _("The embargo is over already: it holds nobody back."))


def _shares(record: Mapping[str, Any]) -> Iterator[Finding]:
    shares = record.get("shares")
    told = (
        [each for each in shares.values() if isinstance(each, int | float) and 0 <= each <= 1]
        if isinstance(shares, dict)
        else []
    )
    if told and sum(told) < WHOLE:
        message = _("The shares of its languages add up to %(sum)s percent, not to the whole.")
        yield advice("shares", "shares-not-whole", message % {"sum": round(100 * sum(told), 2)})


def _languages(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    chosen = record.get("languages")
    declared = set(map(str, chosen)) if isinstance(chosen, list) else set()
    told = {str(file["language"]) for file in files if file.get("language")}
    if not told:
        return
    for code, tags, text in (
        ("language-undeclared", told - declared, _("Files are in %(tags)s, which the record does not name.")),
        ("language-without-file", declared - told, _("No file is in %(tags)s, which the record names.")),
    ):
        if tags:
            yield advice("languages", code, text % {"tags": names_of_languages(tags)})


def _wanted(record: Mapping[str, Any]) -> Iterator[Finding]:
    for requirement, fields in WANTED.items():
        absent = [field for field in fields if not record.get(field)]
        if absent:
            names = ", ".join(str(wording_of(field).name) for field in absent)
            message = _("It would help to add: %(names)s.") % {"names": names}
            yield advice(absent[0], "more-to-tell", message, requirement=requirement)
