"""What is wrong with a draft, and what would make it better. Only required fields block (FIELD.md §4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.datasets.files import storage_of
from catalog.datasets.record import DatasetRecord
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.proposals.findings import Finding, Level
from catalog.proposals.wording import wording_of
from catalog.tiers import Stage, Tier

TRAINING: Final = frozenset({Stage.PRETRAINING, Stage.CPT, Stage.SFT, Stage.PREFERENCE})


def check_record(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return all findings about a draft's record and its list of files, blockers first."""
    if tier_of(record) is Tier.PRIVATE:
        return list(_seal(record))
    found = [*_shape(record), *_residency(record), *_files(record, files), *_advice(record, files)]
    return sorted(found, key=lambda finding: finding.level is Level.ADVICE)


def blockers(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return the messages of the findings that block, per field, as an error carries them."""
    messages: dict[str, list[str]] = {}
    for finding in findings:
        if finding.level is Level.BLOCKER:
            messages.setdefault(finding.field, []).append(finding.message)
    return messages


def _finding(level: Level, field: str, code: str, message: str, **changes: str) -> Finding:
    words = wording_of(field)
    known = {"requirement": words.requirement, "remedy": str(words.remedy), **changes}
    return Finding(level=level, field=field, code=code, message=message, **known)


def _shape(record: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        DatasetRecord.model_validate(record)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            yield _from_pydantic(error)


def _seal(record: Mapping[str, Any]) -> Iterator[Finding]:
    if not record.get("commitment"):
        yield _finding(Level.BLOCKER, "seal", "seal-missing", _("The seal of its node is still missing."))
    if record.get("affirmed") is not True:
        name = wording_of("affirmed").name
        message = _("Still missing: %(name)s.") % {"name": name}
        yield _finding(Level.BLOCKER, "affirmed", "field-missing", message)


def _from_pydantic(error: ErrorDetails) -> Finding:
    field = ".".join(str(part) for part in error["loc"] if part != "[key]")
    name = wording_of(field).name
    if error["type"] == "missing":
        return _finding(Level.BLOCKER, field, "field-missing", _("Still missing: %(name)s.") % {"name": name})
    if error["type"] == "extra_forbidden":
        message = _("A record has no field %(field)r.") % {"field": field}
        return _finding(Level.BLOCKER, field, "field-unknown", message)
    reason = error["msg"].removeprefix("Value error, ")
    message = _("The %(name)s can not stay like this: %(reason)s.") % {"name": name, "reason": reason}
    return _finding(Level.BLOCKER, field, "field-invalid", message)


def tier_of(record: Mapping[str, Any]) -> Tier | None:
    """Return the tier that a draft has chosen; None while it has chosen none of the four."""
    chosen = record.get("tier")
    return Tier(chosen) if chosen in list(Tier) else None


def _residency(record: Mapping[str, Any]) -> Iterator[Finding]:
    if tier_of(record) not in {None, Tier.OPEN} and not record.get("residency"):
        message = _("Data that are not open need a residency.")
        yield _finding(Level.BLOCKER, "residency", "residency-missing", message)


def _files(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    tier = tier_of(record)
    if not files:
        yield _finding(Level.BLOCKER, "files", "files-missing", _("It has no file and no pointer yet."))
    if tier is not None and any(file["storage"] != storage_of(tier) for file in files):
        message = _("Some files are attached in a way that the tier %(tier)s does not allow.") % {
            "tier": tier
        }
        yield _finding(Level.BLOCKER, "files", "files-forbid-tier", message, requirement="INV-1")


def _advice(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    if record.get("licence") == UNKNOWN_LICENCE:
        message = _("With an unknown licence few may use it; nobody may assume a permissive one.")
        yield _finding(Level.ADVICE, "licence", "licence-unknown", message)
    if not record.get("origin"):
        yield _finding(Level.ADVICE, "origin", "origin-missing", _("Its origin is not told."))
    if record.get("personal_data") not in (None, "none") and not record.get("consent"):
        message = _("It holds personal data, and the basis of consent is not told.")
        yield _finding(Level.ADVICE, "consent", "consent-missing", message)
    yield from _training_advice(record)
    yield from _language_advice(record, files)


def _training_advice(record: Mapping[str, Any]) -> Iterator[Finding]:
    rights, stages = record.get("rights"), record.get("permitted_stages")
    refuses = isinstance(rights, Mapping) and rights.get("model_training") is False
    if refuses and isinstance(stages, Sequence) and TRAINING.intersection(map(str, stages)):
        message = _("It permits stages of training, and its rights refuse training: the refusal counts.")
        yield _finding(Level.ADVICE, "permitted_stages", "stages-without-right", message)


def _language_advice(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
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
            yield _finding(Level.ADVICE, "languages", code, text % {"tags": ", ".join(sorted(tags))})
