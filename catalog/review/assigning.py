"""Asking maintainers to review: by turns at each hand-in, or by one of them; declining; and its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from catalog.governance.reading import rule
from catalog.members.models import Member, Membership, User
from catalog.proposals.access import lock_proposal
from catalog.proposals.models import Proposal
from catalog.proposals.states import UNDER_REVIEW
from catalog.review.models import Assignment, Capacity, Review
from catalog.review.states import ASSIGNMENT_MOVES, AssignmentState
from catalog.review.tally import quorum, voices_on
from catalog.review.trail import leave_trail, person
from catalog.review.turns import next_after, next_in_turn
from catalog.review.voices import entitled, require_maintainer
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.states import swap_state
from provenance.text import plain_text

LONGEST_REASON: Final = 1000


@transaction.atomic
def assign_reviewers(*, proposal: Proposal, known_first: bool = True) -> list[Assignment]:
    """Ask by turns as many different members as the quorum wants; what is asked or said already counts.

    Call it with the proposal's row locked. ``turns.next_in_turn`` says in which order.
    """
    asked = Assignment.objects.filter(proposal=proposal, state=AssignmentState.OPEN).count()
    heard = voices_on(proposal).filter(capacity=Capacity.MAINTAINER).count()
    chosen = next_in_turn(proposal, quorum() - asked - heard, known_first=known_first)
    return ask(proposal, chosen)


@transaction.atomic
def assign(*, actor: Actor, proposal: Proposal, reviewer: User, member: Member | None = None) -> Assignment:
    """Ask one maintainer besides those whose turn it is; whoever may decide may ask, themselves included.

    Raises:
        NotFound: there is no such proposal for this actor.
        NotPermitted: codes ``not-a-maintainer`` or ``recused``, of the actor.
        Conflict: codes ``not-under-review``, ``already-assigned`` or ``member-has-spoken``.
        Invalid: code ``reviewer-not-eligible``; no maintainer, of the proposer, recused, or gone.
    """
    found = lock_proposal(actor, proposal)
    require_maintainer(actor, found)
    if found.state not in UNDER_REVIEW:
        raise Conflict("It is not under review.", code="not-under-review")
    held = entitled(found).filter(user=reviewer).select_related("user", "member").order_by("member_id")
    chosen = (held if member is None else held.filter(member=member)).first()
    if chosen is None:
        message = f"{reviewer} may not review this proposal."
        raise Invalid(message, code="reviewer-not-eligible", fields={"reviewer": [message]})
    if Assignment.objects.filter(proposal=found, reviewer=reviewer, state=AssignmentState.OPEN).exists():
        raise Conflict(f"{reviewer} is asked already.", code="already-assigned")
    if voices_on(found).filter(capacity=Capacity.MAINTAINER, member=chosen.member_id).exists():
        raise Conflict(f"{chosen.member} has spoken on this revision.", code="member-has-spoken")
    return ask(found, [chosen], actor=actor)[0]


@transaction.atomic
def decline(*, actor: Actor, assignment: Assignment, reason: str) -> Assignment:
    """Give an assignment back; somebody of another member is asked at once, where there is somebody.

    Declining is no recusal: who declined may still speak.

    Raises:
        NotFound: there is no such assignment for this actor.
        NotPermitted: code ``not-assigned``; it is somebody else's.
        Conflict: code ``state-changed``; it has ended.
        Invalid: codes ``reason-missing`` or ``text-malformed``.
    """
    reason = plain_text(reason, field="reason", longest=LONGEST_REASON)
    if not reason:
        message = "Say why, in a few words."
        raise Invalid(message, code="reason-missing", fields={"reason": [message]})
    held = Assignment.objects.select_related("proposal").filter(pk=assignment.pk).first()
    if held is None:
        raise NotFound("There is no such proposal.")  # as for one that is hidden (INV-6)
    found = lock_proposal(actor, held.proposal)
    if held.reviewer_id != actor.key or f"person:{actor.key}" != actor.identifier:
        raise NotPermitted("Another person was asked.", code="not-assigned", requirement="INV-7")
    held.proposal = found
    give_up(actor, held, reason=reason)
    return held


def give_up(actor: Actor, held: Assignment, *, reason: str = "") -> None:
    """End an assignment that its person gives back, and ask the next. Call it with the proposal locked.

    Raises:
        Conflict: code ``state-changed``.
    """
    found = held.proposal
    swap_state(held, to=AssignmentState.DECLINED, table=ASSIGNMENT_MOVES, ended_at=timezone.now())
    held.proposal = found  # refreshed, it would be read again
    leave_trail(
        actor,
        found,
        "proposal.assignment-declined",
        assignment=held.pk,
        reviewer=person(held.reviewer_id),
        note=reason,
    )
    following = next_after(held)
    if following is not None:
        ask(found, [following])


def ask(
    proposal: Proposal,
    chosen: Sequence[Membership],
    *,
    actor: Actor = COORDINATOR,
    at: datetime | None = None,
) -> list[Assignment]:
    """Open the assignments of these maintainers, due as the rules in force say; by turns without an actor."""
    if not chosen:
        return []
    due_at = (at or timezone.now()) + timedelta(days=rule("review.days"))
    by = None if actor is COORDINATOR else actor.key
    opened = Assignment.objects.bulk_create(
        Assignment(proposal=proposal, reviewer=one.user, member=one.member, assigned_by_id=by, due_at=due_at)
        for one in chosen
    )
    for assignment in opened:
        leave_trail(
            actor,
            proposal,
            "proposal.assigned",
            assignment=assignment.pk,
            reviewer=person(assignment.reviewer_id),
            member=assignment.member.slug,
            due=due_at.isoformat(),
        )
    return opened


def end_for(review: Review) -> None:
    """Close what a word has answered: the speaker's own assignment, and the one that asked their member."""
    if review.capacity != Capacity.MAINTAINER:
        return
    own = Q(reviewer=review.reviewer_id)
    held = Assignment.objects.filter(proposal=review.proposal_id, state=AssignmentState.OPEN)
    held.filter(own | Q(member=review.member_id)).update(
        state=Case(When(own, then=Value(AssignmentState.DONE)), default=Value(AssignmentState.RELEASED)),
        ended_at=timezone.now(),
    )


def release_assignments(proposal: Proposal) -> None:
    """Ask nobody any more: it was decided, sent back or taken back, and the event of that says so."""
    held = Assignment.objects.filter(proposal=proposal, state=AssignmentState.OPEN)
    held.update(state=AssignmentState.RELEASED, ended_at=timezone.now())
