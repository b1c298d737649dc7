"""Private drafts: what little of them may be here, and the seal that stands for all the rest (INV-1)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.batches.forgetting import forget_row
from catalog.datasets.models import DatasetFile
from catalog.inspection.models import Inspection
from catalog.inspection.waiting import forget_descriptions
from catalog.members.keys import is_active_node
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal, Submission, Thread
from catalog.tiers import Tier
from catalog.uploads.ending import forget_uploads
from catalog.uploads.models import Upload
from provenance.actors import Actor
from provenance.errors import Invalid
from provenance.events.services import Evidence, record_event
from provenance.lineage.services import keep_statement
from provenance.signing.attestations import SignedSeal, read_seal
from provenance.signing.canonical import parse_object
from provenance.signing.dsse import bare_envelope
from provenance.signing.errors import SigningError
from provenance.signing.statements import PREDICATE_SEAL

SEAL_FIELDS: Final = ("commitment", "node", "sealed_at", "statement")
FAST_CLOCK: Final = timedelta(minutes=5)  # by which a node's clock may be ahead of ours
HOW_TO_SEAL: Final = "Run tapestry-node seal on the node that holds the data, and paste all that it prints."


@transaction.atomic
def attach_seal(*, actor: Actor, proposal: Proposal, envelope: Mapping[str, Any]) -> Proposal:
    """Take the seal of a private draft: the envelope that ``tapestry-node seal`` printed.

    Only the parts of the envelope that are signed are kept, so that nothing else rides along.

    Raises:
        Invalid: code ``seal-not-accepted`` for other tiers; ``seal-malformed``; ``seal-signer-unknown``, when
            no active node of the member signed it; ``seal-from-the-future``; ``seal-unchanged``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    if tier_of(draft.record) is not Tier.PRIVATE:
        raise _refusal("Only private data are sealed.", "seal-not-accepted", "Choose the tier private first.")
    said = _read(envelope)
    _check(draft, said)
    bare = bare_envelope(envelope)
    kept = keep_statement(envelope=bare, predicate_type=PREDICATE_SEAL, key_ids=[said.node])
    record = {
        "tier": str(Tier.PRIVATE),
        "affirmed": draft.record.get("affirmed", False),
        "commitment": said.commitment,
        "node": said.node,
        "sealed_at": said.sealed_at.isoformat(),
        "statement": kept.digest,
    }
    Proposal.objects.filter(pk=draft.pk).update(
        record=record, revision=F("revision") + 1, updated_at=timezone.now(), saved_by_id=actor.key
    )
    draft.refresh_from_db()
    record_event(
        actor=actor,
        action="proposal.seal-attached",
        subject=f"proposal:{draft.pk}",
        audience=audience_of(draft),
        evidence=Evidence(details={"revision": draft.revision, "statement": kept.digest}),
    )
    return draft


def read_envelope(text: str) -> dict[str, Any]:
    """Return the JSON object that somebody pasted.

    Raises:
        Invalid: code ``seal-malformed``.
    """
    try:
        return parse_object(text.encode())
    except (SigningError, UnicodeEncodeError):
        raise _refusal("This is not the JSON object that the node printed.", "seal-malformed") from None


def reduce_to_tier(record: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be kept of ``record``, given the record that the draft holds now.

    Of a private one: tier, affirmation, and the seal where the draft has one, which comes by ``attach_seal``
    and in no other way. Of any other: everything but a seal.
    """
    if tier_of(record) is not Tier.PRIVATE:
        return {name: value for name, value in record.items() if name not in SEAL_FIELDS}
    kept = {"tier": str(Tier.PRIVATE), "affirmed": record.get("affirmed") is True}
    if tier_of(held) is Tier.PRIVATE:
        kept |= {name: held[name] for name in SEAL_FIELDS if name in held}
    return kept


def forget_files(draft: Proposal) -> None:
    """Forget uploads and descriptions of a draft that becomes private, and what was found in its files.

    What was handed in before goes too, and all that was said about it in threads (INV-1). Of files that a
    published entry has, the findings stay.

    Call it in the transaction that empties the draft's own list.
    """
    forget_uploads(Upload.objects.filter(proposal=draft))
    forget_descriptions(draft)
    forget_row(draft)
    Submission.objects.filter(proposal=draft).delete()
    Thread.objects.filter(proposal=draft).delete()
    Appeal.objects.filter(proposal=draft).update(grounds="")
    hashes = [file["sha256"] for file in draft.files]
    listed = DatasetFile.objects.filter(sha256__in=hashes).values("sha256")
    Inspection.objects.filter(sha256__in=hashes).exclude(sha256__in=listed).delete()


def sealed_slug() -> str:
    """Return the short name of a private entry: it tells nothing, and nobody can find it taken (INV-6)."""
    return f"sealed-{secrets.token_hex(8)}"


def _read(envelope: Mapping[str, Any]) -> SignedSeal:
    try:
        return read_seal(envelope)
    except SigningError as error:
        raise _refusal(f"The seal can not be read: {error.detail}", "seal-malformed") from None


def _check(draft: Proposal, said: SignedSeal) -> None:
    if not is_active_node(said.node, draft.member.slug):
        raise _refusal(
            f"No active node of {draft.member} has the key that signed this seal.",
            "seal-signer-unknown",
            "Enrol the node that holds the data, or wait until two maintainers have let it in.",
        )
    if said.sealed_at > timezone.now() + FAST_CLOCK:
        raise _refusal(
            "This seal was made in the future.", "seal-from-the-future", "Set the node's clock, seal again."
        )
    if draft.dataset is not None and draft.dataset.newest.record.get("commitment") == said.commitment:
        raise _refusal("The newest version has this very seal.", "seal-unchanged", "Seal the new state.")


def _refusal(message: str, code: str, remedy: str = HOW_TO_SEAL) -> Invalid:
    return Invalid(message, code=code, requirement="INV-1", fields={"envelope": [message]}, remedy=remedy)
