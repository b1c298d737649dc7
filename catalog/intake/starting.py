"""Drafts from descriptions: what was read becomes answers, and never in place of an answer that stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.intake.normalising import Normalised
from catalog.intake.readers import Kind
from catalog.members.models import Member
from catalog.proposals.access import lock_for_editing
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft, start_proposal
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a description came from: an address, a file's name, or nothing for a text; and what it is."""

    name: str
    kind: Kind


@transaction.atomic
def start_from_description(*, actor: Actor, member: Member, made: Normalised, source: Source) -> Proposal:
    """Start a draft with what a description states, and keep where that was read from.

    It has no tier yet, so that its steward is asked that first.

    Raises:
        As ``start_proposal``.
    """
    proposal = start_proposal(actor=actor, member=member, record=made.record)
    return _keep_notes(proposal, made, source)


@transaction.atomic
def fill_from_description(
    *, actor: Actor, proposal: Proposal, made: Normalised, source: Source
) -> tuple[Proposal, list[str]]:
    """Answer what is still open in a draft; return it with the names of the fields that were filled in.

    Raises:
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
        Conflict: code ``private-not-described``; nothing about private data is kept here (INV-1).
        Invalid: as ``save_draft``.
    """
    locked = lock_for_editing(actor, proposal)
    if tier_of(locked.record) is Tier.PRIVATE:
        raise Conflict(
            _("Private data are not described here: nothing of that was saved."),
            code="private-not-described",
            requirement="INV-1",
        )
    missing = still_open(locked.record, made.record)
    if not missing:
        return locked, []
    record = {**locked.record, **missing}
    saved = save_draft(actor=actor, proposal=locked, record=record, expected_revision=locked.revision)
    return _keep_notes(saved, made, source, fields=missing), list(missing)


def still_open(record: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of ``read`` answers a question that ``record`` leaves open.

    Rights follow from a licence: they are no answer beside another one.
    """
    missing = {name: value for name, value in read.items() if record.get(name) in (None, "", [], {})}
    if record.get("licence") not in (None, "", read.get("licence")):
        missing.pop("rights", None)
    return missing


def _keep_notes(
    proposal: Proposal, made: Normalised, source: Source, *, fields: Mapping[str, Any] | None = None
) -> Proposal:
    """Keep where a draft was read from; ``fields`` are those that were taken over, all unless told."""
    taken = made.record if fields is None else fields
    notes = {
        "source": source.name,
        "format": str(source.kind),
        "normalised": {name: text for name, text in made.normalised.items() if name in taken},
        "unknown": made.unknown,
        "suggested": made.suggested,
    }
    Proposal.objects.filter(pk=proposal.pk).update(intake=notes)
    proposal.refresh_from_db()
    return proposal
