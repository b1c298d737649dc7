"""Reviewing proposals: voices of maintainers of different members, never on their own member's (INV-7)."""

from collections.abc import Sequence
from typing import Final

from django.db import transaction

from catalog.datasets.services import publish_version
from catalog.members.models import Member, Role
from catalog.proposals.access import audience_of, lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import TRANSITIONS, UNDER_REVIEW, AcceptedFor, BlockGround, ProposalState
from catalog.review.models import Review, Verdict
from catalog.review.tally import outcome_of, voices_on
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST_NOTE: Final = 4000  # characters, as the columns of Review hold them
LONGEST_CODE: Final = 80


@transaction.atomic
def take_up_review(*, actor: Actor, proposal: Proposal) -> Proposal:
    """Tell the proposer that somebody reads it. The first review does this by itself.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-a-maintainer`` or ``recused``.
        Conflict: code ``not-under-review``.
    """
    found = _lock_for_review(actor, proposal)
    if found.state == ProposalState.SUBMITTED:
        _move(actor, found, ProposalState.IN_REVIEW, "proposal.taken-up")
    return found


@transaction.atomic
def review_proposal(
    *,
    actor: Actor,
    proposal: Proposal,
    verdict: Verdict,
    note: str = "",
    reason_codes: Sequence[str] = (),
    member: Member | None = None,
    accepted_for: AcceptedFor = AcceptedFor.TRAINING,
    ground: BlockGround | None = None,
) -> Review:
    """Say one member's word on the current revision; what then suffices (``tally``) happens at once.

    Two approvals of different members accept and publish in this same transaction. ``member`` names whom the
    actor speaks for, where it maintains several.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-a-maintainer`` or ``recused``.
        Conflict: codes ``not-under-review``, ``member-has-spoken`` or ``reviewer-has-spoken``.
        Invalid: codes ``member-ambiguous``, ``note-missing`` or ``text-malformed``.
    """
    note = plain_text(note, field="note", longest=LONGEST_NOTE)
    reason_codes = [plain_text(code, field="reason_codes", longest=LONGEST_CODE) for code in reason_codes]
    found = _lock_for_review(actor, proposal)
    voice = _voice_of(actor, found, member)
    _require_words(verdict, note, reason_codes)
    if found.state == ProposalState.SUBMITTED:
        _move(actor, found, ProposalState.IN_REVIEW, "proposal.taken-up")
    review = Review.objects.create(
        proposal=found,
        revision=found.revision,
        reviewer_id=actor.key,
        member=voice,
        verdict=verdict,
        accepted_for=accepted_for if verdict == Verdict.APPROVE else "",
        ground=ground or BlockGround.RIGHTS if verdict == Verdict.BLOCK else "",
        reason_codes=reason_codes,
        note=note,
    )
    _log(actor, found, "proposal.reviewed", reason_codes, verdict=str(verdict), member=voice.slug)
    _follow(actor, found)
    return review


def _follow(actor: Actor, proposal: Proposal) -> None:
    outcome = outcome_of(proposal)
    if outcome is None:
        return
    kinds: dict[ProposalState, dict[str, str]] = {
        ProposalState.ACCEPTED: {"accepted_for": AcceptedFor.TRAINING},
        ProposalState.BLOCKED: {"block_ground": BlockGround.RIGHTS},
    }
    _move(actor, proposal, outcome, f"proposal.{outcome.replace('_', '-')}", **kinds.get(outcome, {}))
    if outcome is ProposalState.ACCEPTED:
        publish_version(actor=actor, proposal=proposal)


def _lock_for_review(actor: Actor, proposal: Proposal) -> Proposal:
    found = lock_proposal(actor, proposal)
    if actor.kind is not ActorKind.PERSON or not actor.has_role(Role.MAINTAINER):
        raise NotPermitted("Only maintainers review proposals.", code="not-a-maintainer", requirement="INV-7")
    if found.member.slug in actor.members:
        raise NotPermitted(
            f"You belong to {found.member}, which made this proposal.",
            code="recused",
            requirement="INV-7",
            remedy="Maintainers of two other members decide.",
        )
    if found.state not in UNDER_REVIEW:
        raise Conflict(
            f"This proposal is {found.get_state_display()}; it is not under review.", code="not-under-review"
        )
    return found


def _voice_of(actor: Actor, proposal: Proposal, member: Member | None) -> Member:
    """Return the member that the actor speaks for, if neither of them has spoken."""
    slugs = actor.members_with(Role.MAINTAINER)
    if member is not None and member.slug not in slugs:
        raise NotPermitted(
            f"You are no maintainer of {member}.", code="not-a-maintainer", requirement="INV-7"
        )
    if member is None and len(slugs) > 1:
        message = "You maintain several members: say for which one you speak."
        raise Invalid(message, code="member-ambiguous", fields={"member": [message]})
    voice = member or Member.objects.get(slug=min(slugs))
    if voices_on(proposal).filter(member=voice).exists():
        raise Conflict(f"{voice} has spoken on this revision.", code="member-has-spoken", requirement="INV-7")
    if voices_on(proposal).filter(reviewer=actor.key).exists():
        raise Conflict(
            "You have spoken on this revision, for another member.",
            code="reviewer-has-spoken",
            requirement="INV-7",
        )
    return voice


def _require_words(verdict: Verdict, note: str, reason_codes: Sequence[str]) -> None:
    if verdict != Verdict.APPROVE and not note and not reason_codes:
        message = "Say what should change, or why not."
        raise Invalid(message, code="note-missing", fields={"note": [message]})


def _move(actor: Actor, proposal: Proposal, to: ProposalState, action: str, **changes: str) -> None:
    swap_state(proposal, to=to, table=TRANSITIONS, expected=UNDER_REVIEW, **changes)
    _log(actor, proposal, action)


def _log(
    actor: Actor, proposal: Proposal, action: str, reason_codes: Sequence[str] = (), **details: str
) -> None:
    record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{proposal.pk}",
        reason_codes=reason_codes,
        audience=audience_of(proposal),
        evidence=Evidence(details={"revision": proposal.revision, **details}),
    )
