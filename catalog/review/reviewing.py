"""Reviewing proposals: voices of maintainers of different members, never on their own member's (INV-7)."""

import uuid
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from catalog.datasets.services import publish_version
from catalog.members.models import Member, Role
from catalog.proposals.access import lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import TRANSITIONS, UNDER_REVIEW, AcceptedFor, BlockGround, ProposalState
from catalog.review.assigning import end_for, release_assignments
from catalog.review.models import Capacity, Review, Verdict
from catalog.review.tally import Outcome, outcome_of
from catalog.review.trail import leave_trail
from catalog.review.voices import member_spoken_for, require_capacity
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, Invalid, NotPermitted
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST_NOTE: Final = 4000  # characters, as the columns of Review hold them
LONGEST_CODE: Final = 80
MOST_CODES: Final = 20


@transaction.atomic
def take_up_review(*, actor: Actor, proposal: Proposal) -> Proposal:
    """Tell the proposer that somebody reads it. The first review does this by itself.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-a-maintainer`` or ``recused``.
        Conflict: code ``not-under-review``.
    """
    found = _lock_for_review(actor, proposal)
    require_capacity(actor, found)
    _take_up(actor, found)
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
    accepted_for: AcceptedFor | None = None,
    ground: BlockGround | None = None,
) -> Review:
    """Say one word on the current revision; what then suffices (``tally``) happens at once.

    A quorum of approvals of different members accepts and publishes in this same transaction. An approval
    says how far it goes, a block on what ground it rests. Who stands for a community and does not speak as a
    maintainer can block on the ground ``community``, without taking their member's voice. ``member`` names
    whom the actor speaks for, where it has the role at several.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-a-maintainer``, ``recused`` or ``community-only-blocks``.
        Conflict: codes ``not-under-review``, ``member-has-spoken`` or ``reviewer-has-spoken``.
        Invalid: codes ``member-ambiguous``, ``note-missing``, ``accepted-for-missing``, ``ground-missing`` or
            ``text-malformed``.
    """
    note = plain_text(note, field="note", longest=LONGEST_NOTE)
    reason_codes = _codes(reason_codes)
    found = _lock_for_review(actor, proposal)
    capacity = require_capacity(actor, found)
    if capacity is Capacity.COMMUNITY:
        ground = _only_block(verdict, ground)
    voice = _voice_of(actor, found, member, capacity)
    _require_words(verdict, note, reason_codes)
    kinds = _kinds_of(verdict, accepted_for, ground)
    _take_up(actor, found)
    review = Review.objects.create(
        proposal=found,
        revision=found.revision,
        reviewer_id=actor.key,
        member=voice,
        capacity=capacity,
        verdict=verdict,
        reason_codes=reason_codes,
        note=note,
        **kinds,
    )
    said = {"review": review.pk, "verdict": str(verdict), "member": voice.slug, "capacity": str(capacity)}
    leave_trail(actor, found, "proposal.reviewed", reason_codes, **said, **kinds)
    end_for(review)
    _follow(actor, found)
    return review


@transaction.atomic
def settle_review(proposal_id: uuid.UUID) -> bool:
    """Let what has been said decide, where a rule that changed since made it suffice; tell whether it did.

    The coordinator only does what members have voted for (INV-7): it adds no voice.
    """
    rows = Proposal.objects.select_for_update(skip_locked=True, of=("self",))
    found = rows.select_related("member", "dataset").filter(pk=proposal_id, state__in=UNDER_REVIEW).first()
    return found is not None and _follow(COORDINATOR, found)


def _follow(actor: Actor, proposal: Proposal) -> bool:
    outcome = outcome_of(proposal)
    if outcome is None:
        return False
    kinds = _kinds_of_state(outcome)
    swap_state(proposal, to=outcome.state, table=TRANSITIONS, expected=UNDER_REVIEW, **kinds)
    release_assignments(proposal)
    leave_trail(actor, proposal, f"proposal.{outcome.state.replace('_', '-')}", **kinds)
    if outcome.state is ProposalState.ACCEPTED:
        publish_version(actor=actor, proposal=proposal)
    return True


def _kinds_of_state(outcome: Outcome) -> dict[str, str]:
    kinds = {"accepted_for": outcome.accepted_for, "block_ground": outcome.block_ground}
    return {name: kind for name, kind in kinds.items() if kind}


def _lock_for_review(actor: Actor, proposal: Proposal) -> Proposal:
    found = lock_proposal(actor, proposal)
    if found.state not in UNDER_REVIEW:
        require_capacity(actor, found)  # who may not speak at all learns that, whatever the state
        raise Conflict(
            f"This proposal is {found.get_state_display()}; it is not under review.", code="not-under-review"
        )
    return found


def _only_block(verdict: Verdict, ground: BlockGround | None) -> BlockGround:
    if verdict != Verdict.BLOCK or ground not in {None, BlockGround.COMMUNITY}:
        raise NotPermitted(
            "Who stands for a community can block on the community's behalf, and nothing else.",
            code="community-only-blocks",
            requirement="INV-7",
            remedy="Say it in a thread; maintainers decide.",
        )
    return BlockGround.COMMUNITY


def _voice_of(actor: Actor, proposal: Proposal, member: Member | None, capacity: Capacity) -> Member:
    """Return the member that the actor speaks for, if neither of them has spoken."""
    speaks = capacity is Capacity.MAINTAINER
    voice = member_spoken_for(actor, member, Role.MAINTAINER if speaks else Role.COMMUNITY)
    said = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    voices = list(said.values_list("member", "reviewer", "capacity"))
    if speaks and any((member, by) == (voice.pk, Capacity.MAINTAINER) for member, _, by in voices):
        raise Conflict(f"{voice} has spoken on this revision.", code="member-has-spoken", requirement="INV-7")
    if any(reviewer == actor.key for _, reviewer, _ in voices):
        raise Conflict("You have spoken on this revision.", code="reviewer-has-spoken", requirement="INV-7")
    return voice


def _require_words(verdict: Verdict, note: str, reason_codes: Sequence[str]) -> None:
    if verdict != Verdict.APPROVE and not note and not reason_codes:
        message = "Say what should change, or why not."
        raise Invalid(message, code="note-missing", fields={"note": [message]})


def _kinds_of(
    verdict: Verdict, accepted_for: AcceptedFor | None, ground: BlockGround | None
) -> dict[str, str]:
    """Return how far an approval goes, and on what ground a block rests; other verdicts have neither."""
    if verdict == Verdict.APPROVE and accepted_for is None:
        message = "Say how far your approval goes: metadata, evaluation or training."
        raise Invalid(message, code="accepted-for-missing", fields={"accepted_for": [message]})
    if verdict == Verdict.BLOCK and ground is None:
        message = "Say on what ground: rights, privacy or community."
        raise Invalid(message, code="ground-missing", fields={"ground": [message]})
    return {
        "accepted_for": str(accepted_for) if verdict == Verdict.APPROVE else "",
        "ground": str(ground) if verdict == Verdict.BLOCK else "",
    }


def _codes(codes: Sequence[str]) -> list[str]:
    if len(codes) > MOST_CODES:
        message = f"Give at most {MOST_CODES} reasons."
        raise Invalid(message, code="text-malformed", fields={"reason_codes": [message]})
    return [plain_text(code, field="reason_codes", longest=LONGEST_CODE) for code in codes]


def _take_up(actor: Actor, proposal: Proposal) -> None:
    if proposal.state == ProposalState.SUBMITTED:
        swap_state(proposal, to=ProposalState.IN_REVIEW, table=TRANSITIONS)
        leave_trail(actor, proposal, "proposal.taken-up")
