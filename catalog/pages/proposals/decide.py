"""Speaking on a proposal and taking it back: two posts that answer with the page they came from."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.members.models import Member
from catalog.pages.proposals.finding import proposal_for
from catalog.pages.proposals.forms.decisions import ReviewForm, WithdrawForm
from catalog.pages.proposals.overview import overview_of, titles_of, voices_of
from catalog.proposals.access import require_steward
from catalog.proposals.models import Proposal
from catalog.proposals.services import withdraw_proposal
from catalog.review.models import Verdict
from catalog.review.services import review_proposal
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_POST
def review(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say one member's word. What was typed stays on the page when the word is refused."""
    actor, proposal = proposal_for(request, key)
    form = ReviewForm(request.POST, voices=voices_of(actor, proposal))
    if form.is_valid():
        try:
            _speak(actor, proposal, form)
        except Invalid as refusal:
            form.take_over(refusal.fields or {"": [refusal.message]})
        else:
            messages.success(request, _("Your review is in the log."))
            return redirect(proposal)
    return render(request, "pages/proposals/overview.html", overview_of(actor, proposal, form), status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once more, with the consequence, before a proposal is taken back for good."""
    actor, proposal = proposal_for(request, key)
    require_steward(actor, proposal.member)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_proposal(actor=actor, proposal=proposal, reason=form.cleaned_data["reason"])
        messages.success(request, _("The proposal is withdrawn. What was said of it stays in the log."))
        return redirect(proposal)
    context = {"form": form, "proposal": proposal, "titles": titles_of(proposal)}
    return render(request, "pages/proposals/withdraw.html", context, status=422 if form.errors else 200)


def _speak(actor: Actor, proposal: Proposal, form: ReviewForm) -> None:
    given = form.cleaned_data
    if given["revision"] != proposal.revision:
        raise Conflict(
            _("The proposal was changed after you opened it."),
            code="revision-stale",
            remedy=_("Read the new revision, then decide."),
        )
    review_proposal(
        actor=actor,
        proposal=proposal,
        verdict=Verdict(given["verdict"]),
        note=given["note"],
        reason_codes=given["reason_codes"],
        member=Member.objects.get(slug=given["member"]),
    )
