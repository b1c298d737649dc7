"""What the computed facts say against a draft's own words: advice, and a blocker where a file is unfit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.datasets.models import DatasetFile
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.design.languages import names_of_languages
from catalog.facts import INSPECTOR, EntryFacts
from catalog.inspection.models import Inspection
from catalog.inspection.progress import progress_of
from catalog.inspection.states import InspectionState
from catalog.inspection.waiting import attestation_of
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from catalog.tiers import Tier

NOTICEABLE: Final = 0.01  # share of a language from which it is worth a word
MANY_DUPLICATES: Final = 0.2
MOST_NAMED: Final = 5
# The inspector's limits, not the file's fault: it may be published, with fewer facts.
OURS: Final = frozenset({"inspection-crashed", "inspection-timeout", "inspection-out-of-memory"})
UNCERTAIN: Final = frozenset({"und", "zxx", "mul"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What the findings depend on; shares from 0 to 1."""

    languages: frozenset[str]
    personal: frozenset[str]
    licences: frozenset[str]
    repeated: float


def findings_of(files: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> list[Finding]:
    """Return the findings about the stored files of a draft; two queries, whatever there are."""
    stored = [file for file in files if file["storage"] == DatasetFile.Storage.BLOB]
    if not stored:
        return []
    return [*_about_files(stored), *_about(_seen_in(stored), record)]


def findings_about(proposal: Proposal, record: Mapping[str, Any]) -> list[Finding]:
    """Return the findings about a proposal's stored files, or about what a node attested of the others.

    ``record`` is the proposal's own, or what may become it.
    """
    if record.get("tier") != Tier.LOCAL_ONLY:
        return findings_of(proposal.files, record)
    said = attestation_of(proposal)
    return [] if said is None or said.facts is None else list(_about(_attested(said.facts), record))


def _seen_in(stored: Sequence[Mapping[str, Any]]) -> Seen:
    done = Inspection.objects.filter(
        inspector=INSPECTOR, state=InspectionState.DONE, sha256__in={file["sha256"] for file in stored}
    )
    parts = done.values_list(
        "facts__records",
        "facts__languages__detected",
        "facts__personal_data__found",
        "facts__licences",
        "facts__duplicates",
    )
    rows = list(parts)
    records = sum(records for records, *_rest in rows)
    repeated = sum(records * _repeated(duplicates) for records, *_rest, duplicates in rows)
    return Seen(
        languages=frozenset(
            each["tag"] for row in rows for each in row[1] or () if each["share"] >= NOTICEABLE
        ),
        personal=frozenset(each["kind"] for row in rows for each in row[2] or ()),
        licences=frozenset(each["expression"] for row in rows for each in row[3] or ()),
        repeated=repeated / records if records else 0.0,
    )


def _repeated(duplicates: Mapping[str, Any] | None) -> float:
    return max(duplicates["exact"], duplicates["near"]) if duplicates else 0.0


def _attested(facts: EntryFacts) -> Seen:
    return Seen(
        languages=frozenset(each.tag for each in facts.languages if each.share >= NOTICEABLE),
        personal=frozenset(each.kind for each in facts.personal_data),
        licences=frozenset(each.expression for each in facts.licences),
        repeated=max(facts.exact_duplicates or 0.0, facts.near_duplicates or 0.0),
    )


def _about_files(stored: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    progress = progress_of(stored)
    for refused in progress.refused:
        yield Finding(
            level=Level.ADVICE if refused.code in OURS else Level.BLOCKER,
            field="files",
            code=refused.code,
            requirement="DM:6",
            message=f"{refused.path}: {refused.reason}",
            remedy=_("Detach it, and attach a file that can be read."),
        )
    if waiting := progress.total - progress.finished:
        text = ngettext("%(n)s file is not inspected yet.", "%(n)s files are not inspected yet.", waiting)
        remedy = _("Wait a moment to read what is found in them, before others do.")
        yield _advice("files", "inspection-running", text % {"n": waiting}, remedy)


def _about(seen: Seen, record: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _about_languages(seen, record)
    if seen.personal and record.get("personal_data") == "none":
        message = _("It is said to hold no data about people, and these were found: %(kinds)s.")
        kinds = ", ".join(sorted(seen.personal))
        remedy = _("Remove them, or say which data about people are in it.")
        yield _advice("personal_data", "personal-data-found", message % {"kinds": kinds}, remedy)
    yield from _about_licences(seen, record)
    if seen.repeated > MANY_DUPLICATES:
        message = _("%(percent)s %% of its records repeat an earlier one.") % {
            "percent": round(seen.repeated * 100)
        }
        yield _advice("files", "duplicates-many", message, _("Leave the repeats out, or say why they stay."))


def _about_languages(seen: Seen, record: Mapping[str, Any]) -> Iterator[Finding]:
    declared = record.get("languages")
    known = {_base(str(tag)) for tag in declared} if isinstance(declared, list) else set()
    strange = sorted(tag for tag in seen.languages - UNCERTAIN if _base(tag) not in known)
    if known and strange:
        message = _("Its text is also in %(tags)s, which the record does not name.")
        tags = names_of_languages(strange[:MOST_NAMED])
        remedy = _("Name these languages too, or take their texts out.")
        yield _advice("languages", "language-detected", message % {"tags": tags}, remedy)


def _base(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0].lower()


def _about_licences(seen: Seen, record: Mapping[str, Any]) -> Iterator[Finding]:
    declared = str(record.get("licence") or "")
    words = set(declared.replace("(", " ").replace(")", " ").split())
    others = sorted(seen.licences - words)
    if not declared or not others:
        return
    found = ", ".join(others[:MOST_NAMED])
    if declared == UNKNOWN_LICENCE:
        message = _("Its licence is said to be unknown, and its files name %(found)s.")
    else:
        message = _("Its files name the licence %(found)s, and the record %(declared)s.")
    remedy = _("Ask the holder of the rights, then name the licence that holds for all of it.")
    yield _advice("licence", "licence-contradicts", message % {"found": found, "declared": declared}, remedy)


def _advice(field: str, code: str, message: str, remedy: str) -> Finding:
    requirement = "DM:6" if field == "files" else "DG:3"
    return Finding(
        level=Level.ADVICE, field=field, code=code, requirement=requirement, message=message, remedy=remedy
    )
