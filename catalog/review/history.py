"""The whole history of one proposal, as far as a reader may know it.

Events are its spine: they are complete, ordered and sealed by their digests (INV-3). What people handed in
and wrote stands beside them in rows; each event names the row that it tells of, by the row's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.interchange.disclosure import is_withheld
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal, Assignment, Recusal, Review, Submission, Thread
from catalog.review.reading import reviews_of, submissions_of, threads_of
from provenance.actors import Actor
from provenance.events.models import Event
from provenance.events.reading import EventFilter, recent


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to a proposal; each part in the order in which it happened."""

    proposal: Proposal
    events: Sequence[Event]
    submissions: Sequence[Submission]
    reviews: Sequence[Review]
    threads: Sequence[Thread]
    assignments: Sequence[Assignment]
    recusals: Sequence[Recusal]
    appeals: Sequence[Appeal]


def history_of(actor: Actor, proposal: Proposal) -> History:
    """Return all that ``actor``, who may know of the proposal, may know of its history, in ten queries.

    Of a proposal whose entry was withdrawn, others than its member read no more what it said, nor what was
    said of that (DM:17). Events of its time as a draft are for its own member.
    """
    told = not is_withheld(actor, proposal)
    appeals = proposal.appeals.select_related("made_by", "member").order_by("created_at")
    events = recent(actor.audiences, EventFilter(subject=f"proposal:{proposal.pk}"))
    return History(
        proposal=proposal,
        events=list(events.order_by("pk")),
        submissions=list(submissions_of(proposal)) if told else [],
        reviews=reviews_of(actor, proposal),
        threads=list(threads_of(actor, proposal)) if told else [],
        assignments=list(proposal.assignments.select_related("reviewer", "member").order_by("pk")),
        recusals=list(proposal.recusals.select_related("person").order_by("pk")),
        appeals=list(appeals.prefetch_related("voices__reviewer", "voices__member")) if told else [],
    )
