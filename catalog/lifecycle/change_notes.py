"""What changed from one version to the next, in the words of its steward (DG:9)."""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.datasets.models import SEALED
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.findings import Finding, Level
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.errors import Conflict
from provenance.events.services import Evidence, record_event
from provenance.text import plain_text

LONGEST: Final = 500  # characters, as the column holds them


def needs_change_note(proposal: Proposal) -> bool:
    """Tell whether readers of the entry are to be told what changed: in each next version but a private one.

    What changed in private data stays with their owner, as all else about them (INV-6).
    """
    return proposal.dataset_id is not None and proposal.record.get("tier") not in SEALED


def check_change_note(proposal: Proposal) -> list[Finding]:
    """Return the one blocker of a next version that says nothing of what changed, or nothing."""
    if not needs_change_note(proposal) or proposal.change_note:
        return []
    return [
        Finding(
            level=Level.BLOCKER,
            field="change_note",
            code="change-note-missing",
            requirement="DG:9",
            message=_("It does not say what changed since the version before."),
            remedy=_("Sum it up in a sentence or two; it stands beside the version for ever."),
        )
    ]


@transaction.atomic
def write_change_note(*, actor: Actor, proposal: Proposal, text: str, expected_revision: int) -> Proposal:
    """Keep what a steward says of the next version, if nobody saved since ``expected_revision`` was read.

    Raises:
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
        Conflict: codes ``no-version-before`` or ``revision-stale``.
        Invalid: code ``text-malformed``.
    """
    note = plain_text(text, field="change_note", longest=LONGEST)
    locked = lock_for_editing(actor, proposal)
    if note and not needs_change_note(locked):
        raise Conflict("There is no earlier version whose readers could be told.", code="no-version-before")
    current = Proposal.objects.filter(pk=locked.pk, revision=expected_revision)
    if not current.update(change_note=note, revision=F("revision") + 1, updated_at=timezone.now()):
        raise Conflict(
            f"Somebody saved revision {locked.revision} while you worked on {expected_revision}.",
            code="revision-stale",
            remedy="Read the newer revision, then say what changed.",
        )
    locked.refresh_from_db()
    record_event(
        actor=actor,
        action="proposal.saved",
        subject=f"proposal:{locked.pk}",
        audience=audience_of(locked),
        evidence=Evidence(details={"revision": locked.revision}),
    )
    return locked
