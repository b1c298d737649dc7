"""Reading a review: what was handed in, what was said, who is asked."""

from django.db.models import Prefetch, Q, QuerySet

from catalog.interchange.disclosure import is_withheld
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal, Assignment, Comment, Review, Submission, Thread
from catalog.review.states import AppealState, AssignmentState
from provenance.actors import Actor


def submissions_of(proposal: Proposal) -> QuerySet[Submission]:
    """Return what was handed in, the first first; a diff compares two neighbours. A private one has none."""
    return Submission.objects.filter(proposal=proposal).select_related("submitted_by").order_by("number")


def reviews_of(actor: Actor, proposal: Proposal) -> list[Review]:
    """Return what reviewers said on any revision, the first first, with reviewer and member; one query.

    Of an entry that was withdrawn, others than its member read the verdicts and no more the notes, which may
    repeat what it said (DM:17).
    """
    said = list(proposal.reviews.select_related("reviewer", "member").order_by("pk"))
    if is_withheld(actor, proposal):
        for each in said:
            each.note = ""
    return said


def threads_of(actor: Actor, proposal: Proposal) -> QuerySet[Thread]:
    """Return the threads with their comments, each with its author and member, the first first.

    None where the actor may not discover the proposal (INV-6).
    """
    visible = Proposal.objects.visible_to(actor).filter(pk=proposal.pk)
    said = Comment.objects.select_related("author", "member").order_by("pk")
    held = Thread.objects.filter(proposal__in=visible).select_related("opened_by", "resolved_by", "proposal")
    return held.prefetch_related(Prefetch("comments", queryset=said)).order_by("created_at", "pk")


def requests_left(proposal: Proposal) -> QuerySet[Thread]:
    """Return the threads that reviewers want answered and that nobody has resolved; they block nothing."""
    return Thread.objects.filter(proposal=proposal, requested=True, resolved_at__isnull=True)


def assignments_of(proposal: Proposal) -> QuerySet[Assignment]:
    """Return who is asked now, the first due first."""
    asked = Assignment.objects.filter(proposal=proposal, state=AssignmentState.OPEN)
    return asked.select_related("reviewer", "member").order_by("due_at", "pk")


def assignments_for(actor: Actor) -> QuerySet[Assignment]:
    """Return what a person is asked to review and may see, the first due first."""
    mine = Q(reviewer=actor.key, state=AssignmentState.OPEN)
    visible = Proposal.objects.visible_to(actor).values("pk")
    asked = Assignment.objects.filter(mine, proposal__in=visible)
    return asked.select_related("proposal__member", "member").order_by("due_at", "pk")


def open_appeal_of(proposal: Proposal) -> Appeal | None:
    """Return the appeal that waits for voices, with them; the database keeps it at one."""
    held = Appeal.objects.filter(proposal=proposal, state=AppealState.OPEN)
    return held.select_related("made_by", "member").prefetch_related("voices__member").first()
