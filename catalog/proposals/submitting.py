"""Handing a proposal in, and taking it back."""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.datasets.models import SEALED
from catalog.datasets.services import publish_version
from catalog.lifecycle.change_notes import check_change_note
from catalog.proposals.access import audience_of, lock_for_editing, lock_proposal, require_steward
from catalog.proposals.checks import blockers, check_draft
from catalog.proposals.models import Proposal
from catalog.proposals.states import TRANSITIONS, ProposalState
from catalog.review.appealing import drop_appeals
from catalog.review.assigning import assign_reviewers, release_assignments
from catalog.review.models import Submission
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST_ANSWER: Final = 4000  # characters, as the column holds them


@transaction.atomic
def submit_proposal(*, actor: Actor, proposal: Proposal, answer: str = "") -> Proposal:
    """Hand a complete draft in, for review; a private one is sealed and published for its owner at once.

    Nobody but the owner may know of private data (FIELD.md §2), so nobody else could review them. Of all
    others a snapshot is kept, with the steward's ``answer`` to what they wanted, and reviewers are asked.

    Raises:
        Invalid: code ``record-incomplete``, with the messages per field; or ``text-malformed``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
        Conflict: code ``dataset-withdrawn``.
    """
    answer = plain_text(answer, field="answer", longest=LONGEST_ANSWER)
    draft = lock_for_editing(actor, proposal)
    missing = blockers([*check_draft(draft, actor=actor), *check_change_note(draft)])
    if missing:
        raise Invalid(
            "The proposal is not complete yet.",
            code="record-incomplete",
            requirement="DM:16",
            fields=missing,
            remedy="Fill in what is missing; what you entered is kept.",
        )
    if draft.dataset is not None and draft.dataset.state == draft.dataset.State.WITHDRAWN:
        raise Conflict("This dataset is withdrawn; it takes no new version.", code="dataset-withdrawn")
    submitted = swap_state(
        draft,
        to=ProposalState.SUBMITTED,
        table=TRANSITIONS,
        submitted_at=timezone.now(),
        revision=F("revision") + 1,  # earlier voices spoke on what was handed in before
    )
    _log(actor, submitted, "proposal.submitted")
    if submitted.record["tier"] in SEALED:
        return _seal(actor, submitted)
    _keep_snapshot(actor, submitted, answer)
    assign_reviewers(proposal=submitted)
    return submitted


@transaction.atomic
def withdraw_proposal(*, actor: Actor, proposal: Proposal, reason: str = "") -> Proposal:
    """Take a proposal back, for good. Nothing that others said of it is lost.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: code ``not-a-steward``.
        Conflict: code ``state-changed``, when it was decided already.
    """
    reason = plain_text(reason, field="reason", longest=4000)
    found = lock_proposal(actor, proposal)
    require_steward(actor, found.member)
    withdrawn = swap_state(found, to=ProposalState.WITHDRAWN, table=TRANSITIONS)
    release_assignments(withdrawn)
    drop_appeals(actor, withdrawn)
    _log(actor, withdrawn, "proposal.withdrawn", reason=reason)
    return withdrawn


def _seal(actor: Actor, proposal: Proposal) -> Proposal:
    accepted = swap_state(proposal, to=ProposalState.ACCEPTED, table=TRANSITIONS)
    _log(actor, accepted, "proposal.sealed")
    publish_version(actor=actor, proposal=accepted)
    return accepted


def _keep_snapshot(actor: Actor, proposal: Proposal, answer: str) -> None:
    Submission.objects.create(
        proposal=proposal,
        number=Submission.objects.filter(proposal=proposal).count() + 1,
        revision=proposal.revision,
        record=proposal.record,
        files=proposal.files,
        change_note=proposal.change_note,
        answer=answer,
        submitted_by_id=actor.key,
    )


def _log(actor: Actor, proposal: Proposal, action: str, **details: str) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{proposal.pk}",
        audience=audience_of(proposal),
        evidence=Evidence(details={"revision": proposal.revision, **details}),
    )
