"""Counting voices. A voice is a member's, whoever speaks for it; only those on the current revision count."""

from typing import Final

from django.db.models import QuerySet

from catalog.members.models import Member, Role
from catalog.proposals.models import Proposal
from catalog.proposals.states import ProposalState
from catalog.review.models import Review, Verdict

QUORUM: Final = 2  # members that must agree, to accept as to reject


def outcome_of(proposal: Proposal) -> ProposalState | None:
    """Return where the voices on the current revision move the proposal; None while they do not suffice.

    One block blocks and one request for changes sends it back. Two approvals, or two rejections, of different
    members decide; nobody can reject alone what two others may still want.
    """
    voices = list(voices_on(proposal).values_list("verdict", flat=True))
    if Verdict.BLOCK in voices:
        return ProposalState.BLOCKED
    if Verdict.REQUEST_CHANGES in voices:
        return ProposalState.CHANGES_REQUESTED
    if voices.count(Verdict.REJECT) >= QUORUM:
        return ProposalState.REJECTED
    return ProposalState.ACCEPTED if voices.count(Verdict.APPROVE) >= QUORUM else None


def voices_on(proposal: Proposal) -> QuerySet[Review]:
    """Return the reviews of the current revision; the database keeps them at one a member."""
    return Review.objects.filter(proposal=proposal, revision=proposal.revision)


def members_left(proposal: Proposal) -> list[Member]:
    """Return the members that may still speak: with a maintainer, not the proposer, not heard yet."""
    heard = voices_on(proposal).values("member")
    having = Member.objects.filter(memberships__role=Role.MAINTAINER, memberships__user__is_active=True)
    return list(having.exclude(pk=proposal.member_id).exclude(pk__in=heard).distinct().order_by("name"))
