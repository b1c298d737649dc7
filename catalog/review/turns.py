"""Whose turn it is to review: by how much each is asked already, in one query however many there are."""

from typing import Final

from django.db.models import Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.aggregates import Count
from django.db.models.expressions import Combinable, ExpressionWrapper, OrderBy
from django.db.models.fields import BooleanField
from django.db.models.functions import Coalesce

from catalog.members.models import Membership
from catalog.proposals.models import Proposal
from catalog.review.models import Assignment, Capacity, Review
from catalog.review.states import AssignmentState
from catalog.review.voices import entitled

GAVE_UP: Final = (AssignmentState.DECLINED, AssignmentState.PASSED_ON)


def next_in_turn(proposal: Proposal, wanted: int, *, known_first: bool = True) -> list[Membership]:
    """Return up to ``wanted`` maintainers of as many different members, none of them asked or heard by now.

    Who spoke on it or was asked before comes first (``known_first``), as they know it; then who has the
    fewest open assignments, then who was asked the longest ago. Who gave one up on it comes last.
    """
    order: list[str | OrderBy] = [
        "gave_up",
        *(["-known"] if known_first else []),
        "load",
        F("asked").asc(nulls_first=True),
    ]
    return _different(_free(proposal).order_by(*order, "user_id", "member_id"), wanted)


def next_after(assignment: Assignment) -> Membership | None:
    """Return who is asked instead: of another member, failing that of the same; None if nobody is left.

    Nobody is asked again who gave up an assignment on this proposal.
    """
    same = ExpressionWrapper(Q(member=assignment.member_id), output_field=BooleanField())
    others = _free(assignment.proposal).filter(Q(gave_up=False)).annotate(same=same)
    order: list[str | OrderBy] = ["same", "load", F("asked").asc(nulls_first=True), "user_id", "member_id"]
    return others.order_by(*order).first()


def _free(proposal: Proposal) -> QuerySet[Membership]:
    """Return who may be asked: no person and no member that is asked by now, or spoke on this revision."""
    said = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    asked = Assignment.objects.filter(proposal=proposal, state=AssignmentState.OPEN)
    mine = Assignment.objects.filter(proposal=proposal, reviewer=OuterRef("user"))
    spoke = Review.objects.filter(proposal=proposal, reviewer=OuterRef("user"))
    heard = said.filter(capacity=Capacity.MAINTAINER)
    return (
        entitled(proposal)
        .exclude(user__in=said.values("reviewer"))
        .exclude(user__in=asked.values("reviewer"))
        .exclude(member__in=heard.values("member"))
        .exclude(member__in=asked.values("member"))
        .annotate(
            gave_up=Exists(mine.filter(state__in=GAVE_UP)),
            known=ExpressionWrapper(Q(Exists(spoke)) | Q(Exists(mine)), output_field=BooleanField()),
            load=_open_assignments(),
            asked=_asked_last(),
        )
        .select_related("user", "member")
    )


def _open_assignments() -> Combinable:
    held = Assignment.objects.filter(reviewer=OuterRef("user"), state=AssignmentState.OPEN)
    counted = held.order_by().values("reviewer").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def _asked_last() -> Subquery:
    asked = Assignment.objects.filter(reviewer=OuterRef("user")).order_by().values("reviewer")
    return Subquery(asked.annotate(newest=Max("created_at")).values("newest"))


def _different(ordered: QuerySet[Membership], wanted: int) -> list[Membership]:
    """Take from the front, of each member and each person one."""
    chosen: list[Membership] = []
    members: set[int] = set()
    people: set[int] = set()
    for one in ordered if wanted > 0 else ():
        if one.member_id in members or one.user_id in people:
            continue
        chosen.append(one)
        members.add(one.member_id)
        people.add(one.user_id)
        if len(chosen) == wanted:
            break
    return chosen
