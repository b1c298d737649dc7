"""What is wrong with a draft, and what would make it better. Only required fields block (FIELD.md §4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalog.datasets.files import storage_of
from catalog.inspection.findings import findings_about
from catalog.proposals.advising import advise
from catalog.proposals.findings import Finding, Level, advice, blocker
from catalog.proposals.models import Proposal
from catalog.proposals.shape import described_shape, sealed_shape
from catalog.proposals.sourcing import check_sources
from catalog.tiers import Tier
from provenance.actors import Actor


def check_draft(
    proposal: Proposal, *, actor: Actor, record: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Return all findings about a draft as ``actor`` may know them, blockers first.

    ``record`` stands in for the saved one. The pinned sources cost one query, the files' facts two; without
    any there is none.
    """
    record = proposal.record if record is None else record
    computed = findings_about(proposal, record)
    return _in_order([*check_record(record, proposal.files), *check_sources(record, actor), *computed])


def check_record(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Return what a record and its list of files say of themselves, blockers first. Asks no other entry."""
    if tier_of(record) is Tier.PRIVATE:
        return _in_order([*sealed_shape(record), *_misfits(Tier.PRIVATE, files)])
    found = [*described_shape(record), *_residency(record), *_files(record, files), *advise(record, files)]
    return _in_order(found)


def blockers(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return the messages of the findings that block, per field, as an error carries them."""
    messages: dict[str, list[str]] = {}
    for finding in findings:
        if finding.level is Level.BLOCKER:
            messages.setdefault(finding.field, []).append(finding.message)
    return messages


def tier_of(record: Mapping[str, Any]) -> Tier | None:
    """Return the tier that a draft has chosen; None while it has chosen none of the four."""
    chosen = record.get("tier")
    return Tier(chosen) if chosen in list(Tier) else None


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.level is Level.ADVICE)


def _residency(record: Mapping[str, Any]) -> Iterator[Finding]:
    if tier_of(record) not in {None, Tier.OPEN} and not record.get("residency"):
        yield blocker("residency", "residency-missing", _("Data that are not open need a residency."))


def _files(record: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Files, or for data that the coordinator could hold, the address where they are instead (DM:2, DG:6)."""
    tier = tier_of(record)
    elsewhere = record.get("located_at")
    if not files and tier is Tier.LOCAL_ONLY:
        message = _("It has no pointer yet: local-only data are known by the hashes that their node told.")
        yield blocker("files", "files-missing", message)
    elif not files and not elsewhere:
        message = _("It has no file, no pointer and no address where the data are kept.")
        remedy = _("Attach files, or give the address where the data are kept.")
        yield blocker("files", "files-missing", message, remedy=remedy)
    elif not files and not record.get("size"):
        message = _("The data are kept elsewhere, and nobody says how much there is.")
        yield advice("size", "size-missing", message)
    yield from _misfits(tier, files)


def _misfits(tier: Tier | None, files: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    if tier is not None and any(file.get("storage") != storage_of(tier) for file in files):
        message = _("Some files are attached in a way that the tier %(tier)s does not allow.") % {
            "tier": tier
        }
        yield blocker("files", "files-forbid-tier", message, requirement="INV-1")
