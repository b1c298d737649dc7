"""Who decides on an appeal, and what their voices come to."""

from collections.abc import Sequence

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
    return wanted_of(appeal.voices.count(), left, quorum())


def verdict_on(appeal: Appeal, proposal: Proposal) -> AppealState | None:
    """Return what the voices come to (`come_to`); None while they do not suffice."""
    appeal.proposal = proposal
    said = appeal.voices.values_list("upholds", flat=True)
    return come_to(list(said), len(judges_left(appeal)), quorum())


def wanted_of(spoken: int, left: int, quorum: int) -> int:
    """Return how many of one mind decide any appeal: the quorum, or all that there are where it is more."""
    return max(1, min(quorum, spoken + left))


def come_to(upholds: Sequence[bool], left: int, quorum: int) -> AppealState | None:
    """Return what voices on any appeal come to, with ``left`` more to come; None while they do not suffice.

    As many as ``wanted_of`` decide either way. Where everybody has spoken and too few uphold it, it is
    dismissed: a decision stands until enough members say that it was wrong. Time alone decides nothing here.
    """
    wanted = wanted_of(len(upholds), left, quorum)
    if upholds.count(True) >= wanted:
        return AppealState.UPHELD
    return AppealState.DISMISSED if upholds.count(False) >= wanted or not left else None
