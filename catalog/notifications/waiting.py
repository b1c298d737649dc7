"""What waits for a person: reviews, changes, requests and votes, as the rows themselves say.

Floors above add what waits on theirs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from catalog.access.models import AccessRequest
from catalog.access.states import AccessState
from catalog.governance.models import Motion
from catalog.governance.states import MotionState
from catalog.members.models import Role
from catalog.pages.naming import names_of
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState
from catalog.review.models import Assignment
from catalog.review.states import AssignmentState
from provenance.actors import Actor

MOST: Final = 50  # of each kind


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, before its subject has a name: see `Waiting`."""

    subject: str
    sentence: str
    since: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing to do. ``subject`` identifies it, as in the log; without ``due_at`` there is no hurry."""

    subject: str
    sentence: str
    about: str
    path: str
    since: datetime
    due_at: datetime | None = None


Source = Callable[[Actor], Iterable[Task]]
"""From a reader to what waits for them, at most `MOST` of a kind, in a constant number of queries."""

JOINED: Final[list[Source]] = []
"""What floors above add (`catalog.notifications.joining.join_waiting`)."""


def waiting_for(reader: Actor) -> list[Waiting]:
    """Return what waits for the reader and may be discovered by them, what is due first in front."""
    sources = (_reviews, _changes, _requests, _votes, *JOINED)
    return _named(reader, [task for source in sources for task in source(reader)])


def reviews_for(reader: Actor) -> list[Waiting]:
    """Return the reviews that the reader is asked for, what is due first in front."""
    return _named(reader, _reviews(reader))


def _named(reader: Actor, tasks: Iterable[Task]) -> list[Waiting]:
    found = list(tasks)
    names = names_of(reader, [task.subject for task in found])
    named = [
        Waiting(**asdict(task), about=names[task.subject].text, path=names[task.subject].url)
        for task in found
        if task.subject in names
    ]
    return sorted(named, key=lambda one: (one.due_at is None, one.due_at or one.since))


def _reviews(reader: Actor) -> Iterator[Task]:
    rows = Assignment.objects.filter(
        reviewer=reader.key, state=AssignmentState.OPEN, proposal__in=Proposal.objects.visible_to(reader)
    ).order_by("due_at")[:MOST]
    for row in rows:
        yield Task(f"proposal:{row.proposal_id}", _("Review it"), row.created_at, row.due_at)


def _changes(reader: Actor) -> Iterator[Task]:
    rows = Proposal.objects.filter(
        state=ProposalState.CHANGES_REQUESTED, member__slug__in=sorted(reader.members_with(Role.STEWARD))
    ).order_by("updated_at")[:MOST]
    for row in rows:
        yield Task(f"proposal:{row.pk}", _("Answer what the reviewers ask for"), row.updated_at)


def _requests(reader: Actor) -> Iterator[Task]:
    rows = AccessRequest.objects.visible_to(reader).filter(
        state=AccessState.SUBMITTED, dataset__member__slug__in=sorted(reader.members_with(Role.STEWARD))
    )
    for row in rows.order_by("created_at")[:MOST]:
        yield Task(f"access:{row.pk}", _("Decide on the request for access"), row.created_at)


def _votes(reader: Actor) -> Iterator[Task]:
    voices = reader.members_with(Role.MAINTAINER)
    rows = Motion.objects.filter(state=MotionState.OPEN).prefetch_related("ballots__member")
    for row in rows.order_by("closes_at")[:MOST] if voices else ():
        if voices - {ballot.member.slug for ballot in row.ballots.all()}:
            yield Task(f"motion:{row.pk}", _("Vote on the motion"), row.opened_at, row.closes_at)
