"""What time does to assignments and appeals: it reminds and passes on. It never decides."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from catalog.proposals.models import Proposal
from catalog.proposals.states import UNDER_REVIEW, ProposalState
from catalog.review.assigning import ask
from catalog.review.models import Appeal, Assignment
from catalog.review.reviewing import settle_review
from catalog.review.states import ASSIGNMENT_MOVES, AppealState, AssignmentState
from catalog.review.tally import quorum
from catalog.review.trail import leave_trail, person
from catalog.review.turns import next_after
from provenance.actors import COORDINATOR
from provenance.errors import Conflict
from provenance.events.models import Event
from provenance.states import swap_state

REMIND_BEFORE: Final = timedelta(days=3)
MOST_A_TURN: Final = 500  # the next turn goes on


def pass_on_due(*, at: datetime | None = None) -> int:
    """Pass every overdue assignment on to somebody else, or remind once where nobody else is there.

    Returns how many were passed on or reminded. Done twice it is done once.
    """
    now = at or timezone.now()
    due = Q(due_at__lte=now) & (Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("due_at")))
    return _each(_open().filter(due), due, lambda held: _pass_on(held, now))


def remind_before_due(*, at: datetime | None = None) -> int:
    """Remind, once, of each assignment that is due within three days; return of how many."""
    now = at or timezone.now()
    near = Q(due_at__gt=now, due_at__lte=now + REMIND_BEFORE, reminded_at__isnull=True)
    return _each(_open().filter(near), near, lambda held: _remind(held, now))


def remind_of_appeals(*, at: datetime | None = None) -> int:
    """Tell, once, of each appeal whose time is over without enough voices; it stays open until they come."""
    due = Appeal.objects.filter(state=AppealState.OPEN, due_at__lte=at or timezone.now())
    told = Event.objects.filter(action="proposal.appeal-due")
    keys = due.order_by("due_at").values_list("pk", flat=True)[:MOST_A_TURN]
    return sum(_tell_of_appeal(key, told) for key in keys)


def settle_reviews() -> int:
    """Decide what a lower quorum made sufficient; return how many."""
    said = Count("reviews", filter=Q(reviews__revision=F("revision")))
    spoken = Proposal.objects.filter(state=ProposalState.IN_REVIEW).annotate(said=said)
    enough = spoken.filter(said__gte=quorum()).order_by("submitted_at").values_list("pk", flat=True)
    return sum(_settle(key) for key in enough[:MOST_A_TURN])


def _settle(key: uuid.UUID) -> bool:
    try:
        return settle_review(key)
    except Conflict:  # its entry was withdrawn since, and takes no version: its steward takes it back
        return False


def _open() -> QuerySet[Assignment]:
    return Assignment.objects.filter(state=AssignmentState.OPEN)


def _each(found: QuerySet[Assignment], still: Q, handle: Callable[[Assignment], None]) -> int:
    keys = found.order_by("due_at", "pk").values_list("pk", "proposal_id")[:MOST_A_TURN]
    return sum(_one(key, proposal_id, still, handle) for key, proposal_id in keys)


@transaction.atomic
def _one(key: int, proposal_id: uuid.UUID, still: Q, handle: Callable[[Assignment], None]) -> bool:
    # Whoever holds the proposal's row is changing it just now; the next turn sees what came of it.
    rows = Proposal.objects.select_for_update(skip_locked=True, of=("self",)).select_related("member")
    proposal = rows.filter(pk=proposal_id, state__in=UNDER_REVIEW).first()
    held = _open().filter(still, pk=key).first() if proposal else None
    if proposal is None or held is None:
        return False
    held.proposal = proposal
    handle(held)
    return True


def _pass_on(held: Assignment, now: datetime) -> None:
    following = next_after(held)
    if following is None:
        _remind(held, now)
        return
    proposal = held.proposal
    swap_state(held, to=AssignmentState.PASSED_ON, table=ASSIGNMENT_MOVES, ended_at=now)
    leave_trail(
        COORDINATOR,
        proposal,
        "proposal.assignment-passed-on",
        assignment=held.pk,
        reviewer=person(held.reviewer_id),
        to=person(following.user_id),
    )
    ask(proposal, [following], at=now)


def _remind(held: Assignment, now: datetime) -> None:
    Assignment.objects.filter(pk=held.pk).update(reminded_at=now)
    leave_trail(
        COORDINATOR,
        held.proposal,
        "proposal.review-due",
        assignment=held.pk,
        reviewer=person(held.reviewer_id),
        due=held.due_at.isoformat(),
        overdue=held.due_at <= now,
    )


@transaction.atomic
def _tell_of_appeal(key: uuid.UUID, told: QuerySet[Event]) -> bool:
    rows = Appeal.objects.select_for_update(skip_locked=True, of=("self",))
    held = rows.select_related("proposal__member").filter(pk=key, state=AppealState.OPEN).first()
    if (
        held is None
        or told.filter(subject=f"proposal:{held.proposal_id}", details__appeal=str(held.pk)).exists()
    ):
        return False
    leave_trail(
        COORDINATOR, held.proposal, "proposal.appeal-due", appeal=str(held.pk), due=held.due_at.isoformat()
    )
    return True
