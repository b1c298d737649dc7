"""Speaking on a proposal, taking it up, and taking it back: posts that answer with their own page."""

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
from catalog.pages.proposals.overview import overview_of
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.panel import AnyReviewForm, filled_form
from catalog.proposals.access import require_steward
from catalog.proposals.models import Proposal
from catalog.proposals.services import withdraw_proposal
from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.models import Verdict
from catalog.review.services import review_proposal, take_up_review
from catalog.review.voices import require_capacity
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_POST
def review(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say one word. What was typed stays on the page when the word is refused, or comes too late."""
    actor, proposal = proposal_for(request, key)
    form = filled_form(actor, require_capacity(actor, proposal), request.POST)
    status = 422
    if form.is_valid():
        try:
            _speak(actor, proposal, form)
        except (Invalid, Conflict) as refusal:
            status = 409 if isinstance(refusal, Conflict) else 422
            _show(form, refusal)
        else:
            messages.success(request, _("Your review is in the log."))
            return redirect(proposal)
    proposal = proposal_for(request, key)[1]
    typed = request.POST.copy()
    typed["revision"] = str(proposal.revision)  # what the page now shows is what the next word is about
    form.data = typed
    return render(request, "pages/proposals/overview.html", overview_of(actor, proposal, form), status=status)


@login_required
@require_POST
def take_up(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tell the steward that somebody reads it now."""
    actor, proposal = proposal_for(request, key)
    take_up_review(actor=actor, proposal=proposal)
    messages.success(request, _("The steward sees now that it is being read."))
    return redirect(proposal)


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


def _speak(actor: Actor, proposal: Proposal, form: AnyReviewForm) -> None:
    """Pass on what was typed, and of it only what the verdict needs."""
    given = form.cleaned_data
    if given["revision"] != proposal.revision:
        raise Conflict(
            _("The proposal was changed after you opened it."),
            code="revision-stale",
            remedy=_("Read what changed, then send your review again: it stands in the form below."),
        )
    if not isinstance(form, ReviewForm):
        review_proposal(
            actor=actor,
            proposal=proposal,
            verdict=Verdict.BLOCK,
            note=given["note"],
            ground=BlockGround.COMMUNITY,
        )
        return
    verdict = Verdict(given["verdict"])
    review_proposal(
        actor=actor,
        proposal=proposal,
        verdict=verdict,
        note=given["note"],
        reason_codes=given["reason_codes"],
        member=Member.objects.get(slug=given["member"]),
        accepted_for=AcceptedFor(given["accepted_for"]) if verdict == Verdict.APPROVE else None,
        ground=BlockGround(given["ground"]) if verdict == Verdict.BLOCK else None,
    )


def _show(form: AnyReviewForm, refusal: Invalid | Conflict) -> None:
    """Put a refusal at its field, or above the form."""
    if refusal.fields:
        form.take_over(refusal.fields)
    else:
        form.add_error(None, f"{refusal.message} {refusal.remedy or ''}".strip())
