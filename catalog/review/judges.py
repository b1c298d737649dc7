"""Who decides on an appeal, and what their voices come to."""

from django.db.models import QuerySet

from catalog.members.models import Member, Membership
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal, Capacity, Review, Verdict
from catalog.review.states import AppealState
from catalog.review.tally import quorum
from catalog.review.voices import entitled

SPOKEN_AS = {"blocked": Verdict.BLOCK, "rejected": Verdict.REJECT}


def spoke_for_decision(appeal: Appeal) -> QuerySet[Review]:
    """Return the words that made the decision: the blocks, or the rejections."""
    said = Review.objects.filter(proposal=appeal.proposal_id, revision=appeal.revision)
    return said.filter(verdict=SPOKEN_AS[appeal.against])


def entitled_to_judge(appeal: Appeal) -> QuerySet[Membership]:
    """Return the memberships of all who may decide: of other members, not recused, and not for the decision.

    A community's block was not its member's voice: the member may speak, the person not.
    """
    said = spoke_for_decision(appeal)
    members = said.filter(capacity=Capacity.MAINTAINER).values("member")
    return entitled(appeal.proposal).exclude(user__in=said.values("reviewer")).exclude(member__in=members)


def judges_left(appeal: Appeal) -> list[Member]:
    """Return the members that may still speak on it."""
    left = entitled_to_judge(appeal).exclude(user__in=appeal.voices.values("reviewer"))
    heard = appeal.voices.values("member")
    return list(Member.objects.filter(pk__in=left.values("member")).exclude(pk__in=heard).order_by("name"))


def voices_wanted(appeal: Appeal, left: int | None = None) -> int:
    """Return how many must agree: the quorum, or all that there are where they are fewer; one at least."""
    left = len(judges_left(appeal)) if left is None else left
    return max(1, min(quorum(), appeal.voices.count() + left))


def verdict_on(appeal: Appeal, proposal: Proposal) -> AppealState | None:
    """Return what the voices come to; None while they do not suffice.

    As many as ``voices_wanted`` decide either way. Where everybody has spoken and too few uphold it, it is
    dismissed: a decision stands until enough members say that it was wrong. Time alone decides nothing.
    """
    appeal.proposal = proposal
    left = len(judges_left(appeal))
    wanted = voices_wanted(appeal, left)
    said = list(appeal.voices.values_list("upholds", flat=True))
    if said.count(True) >= wanted:
        return AppealState.UPHELD
    return AppealState.DISMISSED if said.count(False) >= wanted or not left else None
