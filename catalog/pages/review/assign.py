"""Asking somebody to review, and giving such a task back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.members.models import User
from catalog.pages.proposals.finding import proposal_for
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.forms import AssignForm, ReasonForm
from catalog.proposals.models import Proposal
from catalog.proposals.states import UNDER_REVIEW
from catalog.review.assigning import assign, decline
from catalog.review.models import Assignment, Capacity, Review
from catalog.review.states import AssignmentState
from catalog.review.voices import entitled, require_maintainer
from provenance.errors import Conflict, Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_reviewer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask one more maintainer, or oneself."""
    actor, proposal = proposal_for(request, key)
    require_maintainer(actor, proposal)
    _require_review(proposal)
    people = eligible(proposal)
    form = AssignForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        try:
            reviewer = User.objects.get(pk=form.cleaned_data["reviewer"])
            assign(actor=actor, proposal=proposal, reviewer=reviewer)
        except (Invalid, Conflict) as refusal:
            form.add_error("reviewer", refusal.message)
        else:
            messages.success(request, _("%(name)s is asked, and told so.") % {"name": reviewer})
            return redirect(proposal)
    context = {"form": form, "proposal": proposal, "titles": titles_of(proposal), "people": people}
    return render(request, "pages/review/assign.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, key: uuid.UUID, assignment_id: int) -> HttpResponse:
    """Ask why, then give one's own task back; the next maintainer in turn is asked."""
    actor, proposal = proposal_for(request, key)
    own = Assignment.objects.filter(proposal=proposal, reviewer=actor.key, state=AssignmentState.OPEN)
    assignment = own.filter(pk=assignment_id).first()
    if assignment is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        decline(actor=actor, assignment=assignment, reason=form.cleaned_data["reason"])
        messages.success(request, _("Given back. Somebody of another member is asked, where there is one."))
        return redirect(proposal)
    context = {"form": form, "proposal": proposal, "titles": titles_of(proposal)}
    return render(request, "pages/review/decline.html", context, status=422 if form.errors else 200)


def eligible(proposal: Proposal) -> list[tuple[int, str]]:
    """Return who may be asked: maintainers who may decide, are not asked, and whose member has not spoken."""
    asked = Assignment.objects.filter(proposal=proposal, state=AssignmentState.OPEN)
    said = Review.objects.filter(proposal=proposal, revision=proposal.revision)
    left = (
        entitled(proposal)
        .exclude(user__in=asked.values("reviewer"))
        .exclude(user__in=said.values("reviewer"))
        .exclude(member__in=said.filter(capacity=Capacity.MAINTAINER).values("member"))
        .select_related("user", "member")
        .order_by("member__name", "user__name")
    )
    return [
        (each.user_id, _("%(name)s, %(member)s") % {"name": each.user, "member": each.member})
        for each in left
    ]


def _require_review(proposal: Proposal) -> None:
    if proposal.state not in UNDER_REVIEW:
        raise Conflict(
            _("It is not under review."),
            code="not-under-review",
            remedy=_("Its page says what can be done now."),
        )
