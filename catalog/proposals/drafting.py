"""Starting and saving drafts."""

import re
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.datasets.files import storage_of
from catalog.datasets.models import Dataset
from catalog.datasets.record import DatasetRecord, SealedRecord
from catalog.members.models import Member
from catalog.proposals.access import audience_of, lock_for_editing, require_steward
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.naming import check_slug, first_slug, next_slug
from catalog.proposals.sealing import forget_files, reduce_to_tier
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound
from provenance.events.services import Evidence, record_event
from provenance.signing.canonical import canonicalize
from provenance.signing.errors import SigningError

MOST_BYTES: Final = 512 * 1024  # of a record in canonical JSON: several times what a full one takes
NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # escaped, as JSON must; PostgreSQL can not store it


@transaction.atomic
def start_proposal(
    *,
    actor: Actor,
    member: Member,
    record: dict[str, Any] | None = None,
    slug: str | None = None,
    dataset: Dataset | None = None,
) -> Proposal:
    """Start a draft for ``member``: of a new entry, or of the next version of ``dataset``.

    A next version starts from the newest one: its record where none is given, its files always. Of a private
    draft nothing is kept but tier and affirmation, and its ``slug`` is random.

    Raises:
        NotPermitted: code ``not-a-steward``.
        NotFound: the dataset is not one of the member's.
        Conflict: code ``dataset-withdrawn``.
        Invalid: codes ``slug-malformed``, ``record-malformed``, ``files-forbid-tier`` or ``tier-sealed``.
    """
    require_steward(actor, member)
    proposal = Proposal(
        member=member, created_by_id=actor.key, saved_by_id=actor.key, record=reduce_to_tier(record or {}, {})
    )
    if dataset is not None:
        _continue(proposal, dataset, keep_record=record is not None)
    proposal.slug = dataset.slug if dataset else first_slug(proposal, slug)
    check_slug(proposal.slug)
    _check_record(proposal, proposal.record)
    proposal.save(force_insert=True)
    _log(actor, proposal, "proposal.started")
    return proposal


@transaction.atomic
def save_draft(
    *, actor: Actor, proposal: Proposal, record: dict[str, Any], expected_revision: int
) -> Proposal:
    """Replace the draft's record, if nobody saved since revision ``expected_revision`` was read.

    Values may still be missing or wrong: nothing entered is lost, ``check_record`` tells what blocks. Only a
    draft that becomes private loses everything else for good: record, files, change note, short name, and
    where it was read from. One that is private no more loses its seal.

    Raises:
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
        Conflict: code ``revision-stale``; the saved draft is untouched.
        Invalid: codes ``record-malformed``, ``files-forbid-tier`` or ``tier-sealed``.
    """
    locked = lock_for_editing(actor, proposal)
    was_private = tier_of(locked.record) is Tier.PRIVATE
    record = reduce_to_tier(record, locked.record)
    becomes_private = tier_of(record) is Tier.PRIVATE and not was_private
    changes: dict[str, Any] = {"record": record, "saved_by_id": actor.key}
    if becomes_private:
        forget_files(locked)
        locked.files = []
        changes |= {"files": [], "change_note": "", "intake": {}}
    _check_record(locked, record)
    changes["slug"] = next_slug(locked, record)
    current = Proposal.objects.filter(pk=locked.pk, revision=expected_revision)
    if not current.update(revision=F("revision") + 1, updated_at=timezone.now(), **changes):
        raise Conflict(
            f"Somebody saved revision {locked.revision} while you worked on {expected_revision}.",
            code="revision-stale",
            remedy="Compare both, and save again on top of the newer one.",
        )
    locked.refresh_from_db()
    _log(actor, locked, "proposal.made-private" if becomes_private else "proposal.saved")
    return locked


def _continue(proposal: Proposal, dataset: Dataset, *, keep_record: bool) -> None:
    if dataset.member_id != proposal.member_id:
        raise NotFound("There is no such dataset of this member.")
    if dataset.state == Dataset.State.WITHDRAWN:
        raise Conflict("This dataset is withdrawn; it takes no new version.", code="dataset-withdrawn")
    newest = dataset.newest
    proposal.dataset = dataset
    proposal.files = [file.as_manifest() for file in newest.files.all()]
    if not keep_record:  # a private version has a new seal of its own
        proposal.record = reduce_to_tier({**newest.record, "affirmed": False}, {})


def _check_record(proposal: Proposal, record: dict[str, Any]) -> None:
    form = SealedRecord if tier_of(record) is Tier.PRIVATE else DatasetRecord
    unknown = sorted(set(record) - set(form.model_fields))
    if unknown:
        message = "The record has no such field."
        raise Invalid(
            message,
            code="record-malformed",
            requirement="DM:16",
            fields={name: [message] for name in unknown},
        )
    try:
        text = canonicalize(record)
    except SigningError as error:
        raise Invalid(f"The record is not plain JSON: {error.detail}", code="record-malformed") from None
    if NUL.search(text):
        raise Invalid("The record holds a NUL character, which no text needs.", code="record-malformed")
    if len(text) > MOST_BYTES:
        raise Invalid(f"A record has at most {MOST_BYTES // 1024} KiB.", code="record-malformed")
    _check_stays_sealed(proposal, record)
    _check_files_fit(proposal, record)


def _check_stays_sealed(proposal: Proposal, record: dict[str, Any]) -> None:
    """An entry is private for ever or never: its history would tell what it was (INV-6)."""
    entry = proposal.dataset
    if entry is None or (entry.tier == Tier.PRIVATE) == (tier_of(record) is Tier.PRIVATE):
        return
    message = "An entry never changes between private and another tier."
    raise Invalid(
        message,
        code="tier-sealed",
        requirement="INV-6",
        fields={"tier": [message]},
        remedy="Propose a new entry.",
    )


def _check_files_fit(proposal: Proposal, record: dict[str, Any]) -> None:
    """Files do not change their tier silently: what is attached as one thing must first go (INV-1)."""
    tier = tier_of(record)
    expected = storage_of(tier) if tier else None
    misfits = [file["path"] for file in proposal.files if file["storage"] != expected]
    if misfits:
        raise Invalid(
            f"The attached files do not fit the tier {tier or '(none)'}.",
            code="files-forbid-tier",
            requirement="INV-1",
            fields={"tier": [f"Attached for another tier: {', '.join(misfits[:5])}."]},
            remedy="Detach the files, change the tier, then attach what the new tier allows.",
        )


def _log(actor: Actor, proposal: Proposal, action: str) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{proposal.pk}",
        audience=audience_of(proposal),
        evidence=Evidence(details={"revision": proposal.revision}),
    )
