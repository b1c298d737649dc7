"""Counting voices. A voice is a member's, whoever speaks for it; only those on the current revision count."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from catalog.governance.reading import rule
from catalog.members.models import Member, Membership
from catalog.proposals.models import Proposal
from catalog.proposals.states import AcceptedFor, ProposalState
from catalog.review.models import Capacity, Recusal, Review, Verdict
from catalog.review.voices import entitled

WIDTHS = list(AcceptedFor)  # from the least to the most


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where voices move a proposal, and of two states which kind."""

    state: ProposalState
    accepted_for: str = ""
    block_ground: str = ""


def quorum() -> int:
    """Return how many members must agree, to accept as to reject: the rule in force when somebody speaks."""
    return int(rule("review.quorum"))


def outcome_of(proposal: Proposal) -> Outcome | None:
    """Return where the voices on the current revision move the proposal; None while they do not suffice.

    One block blocks and one request for changes sends it back. A quorum of approvals, or of rejections, of
    different members decides; nobody can reject alone what others may still want. What is accepted is so
    for the most that a quorum agrees on: of three approvals for training, evaluation and metadata, where two
    are wanted, for evaluation.
    """
    voices = list(voices_on(proposal))
    if block := next((voice for voice in voices if voice.verdict == Verdict.BLOCK), None):
        return Outcome(state=ProposalState.BLOCKED, block_ground=block.ground)
    said = [voice.verdict for voice in voices]
    if Verdict.REQUEST_CHANGES in said:
        return Outcome(state=ProposalState.CHANGES_REQUESTED)
    wanted = quorum()
    if said.count(Verdict.REJECT) >= wanted:
        return Outcome(state=ProposalState.REJECTED)
    if said.count(Verdict.APPROVE) < wanted:
        return None
    return Outcome(state=ProposalState.ACCEPTED, accepted_for=_agreed(voices, wanted))


def _agreed(voices: list[Review], wanted: int) -> AcceptedFor:
    widths = [WIDTHS.index(AcceptedFor(v.accepted_for)) for v in voices if v.verdict == Verdict.APPROVE]
    return WIDTHS[sorted(widths, reverse=True)[wanted - 1]]


def voices_on(proposal: Proposal) -> QuerySet[Review]:
    """Return the reviews of the current revision that count; the database keeps them at one a member.

    What somebody said before they recused themselves stands; nothing that they would say later, and nothing
    that is said for the member whose proposal it is, but for a community's block.
    """
    said = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    declared = Recusal.objects.filter(
        proposal=proposal, person=OuterRef("reviewer"), created_at__lt=OuterRef("created_at")
    )
    return said.exclude(member=proposal.member_id, capacity=Capacity.MAINTAINER).filter(~Exists(declared))


def members_left(proposal: Proposal) -> list[Member]:
    """Return the members that may still speak: with a maintainer who may decide and was not heard yet."""
    voices = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    heard = voices.filter(capacity=Capacity.MAINTAINER).values("member")
    left: QuerySet[Membership] = entitled(proposal).exclude(user__in=voices.values("reviewer"))
    return list(Member.objects.filter(pk__in=left.values("member")).exclude(pk__in=heard).order_by("name"))
