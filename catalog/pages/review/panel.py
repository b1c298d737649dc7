"""What a reader may say on a proposal now, and in which form; or why they may say nothing."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from catalog.members.models import Member, Role
from catalog.pages.proposals.forms.decisions import CommunityForm, ReviewForm
from catalog.proposals.models import Proposal
from catalog.proposals.states import UNDER_REVIEW, ProposalState
from catalog.review.models import Assignment, Capacity, Review
from catalog.review.states import AssignmentState
from catalog.review.voices import capacity_of, is_recused
from provenance.actors import Actor

AnyReviewForm = ReviewForm | CommunityForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The reader's part in a review.

    ``silence`` tells why there is no form: ``own-member``, ``declared``, ``spoken``, or nothing where nobody
    expects a word. ``late`` is a form that came when the review was over: it is shown, so that nothing typed
    is lost. ``assignment`` is the reader's own, while it is open.
    """

    form: AnyReviewForm | None = None
    late: AnyReviewForm | None = None
    silence: str = ""
    assignment: Assignment | None = None
    takes_up: bool = False
    recuses: bool = False

    @property
    def for_community(self) -> bool:
        """Whether the form can only object for a community."""
        return isinstance(self.form, CommunityForm)


def panel_of(actor: Actor, proposal: Proposal, refused: AnyReviewForm | None = None) -> Panel:
    """Return the reader's part; ``refused`` is the form that was posted and not taken."""
    if proposal.state not in UNDER_REVIEW:
        return Panel(late=refused)
    capacity = capacity_of(actor, proposal)
    if capacity is None:
        judges = actor.has_role(Role.MAINTAINER) or actor.has_role(Role.COMMUNITY)
        return Panel(silence=is_recused(actor, proposal) if judges else "")
    form = refused or _empty_form(actor, proposal, capacity)
    mine = Assignment.objects.filter(proposal=proposal, reviewer=actor.key, state=AssignmentState.OPEN)
    return Panel(
        form=form,
        silence="" if form else "spoken",
        assignment=mine.first(),
        takes_up=capacity == Capacity.MAINTAINER and proposal.state == ProposalState.SUBMITTED,
        recuses=capacity == Capacity.MAINTAINER,
    )


def filled_form(actor: Actor, capacity: Capacity, data: QueryDict) -> AnyReviewForm:
    """Return what was posted, also by who has spoken already: the service tells, and the words stay."""
    if capacity == Capacity.COMMUNITY:
        return CommunityForm(data)
    return ReviewForm(data, voices=_maintained(actor))


def _empty_form(actor: Actor, proposal: Proposal, capacity: Capacity) -> AnyReviewForm | None:
    """Return the form for who speaks in this capacity; None when they, or all of theirs, have spoken."""
    said = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    if said.filter(reviewer=actor.key).exists():
        return None
    initial = {"revision": proposal.revision}
    if capacity == Capacity.COMMUNITY:
        return CommunityForm(initial=initial)
    heard = said.filter(capacity=Capacity.MAINTAINER).values("member")
    voices = list(_maintained(actor).exclude(pk__in=heard))
    return ReviewForm(voices=voices, initial=initial) if voices else None


def _maintained(actor: Actor) -> QuerySet[Member]:
    return Member.objects.filter(slug__in=sorted(actor.members_with(Role.MAINTAINER))).order_by("name")
