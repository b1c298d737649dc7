"""`/contributions/<digest>/`: may these weights go into the next base?"""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.members.actors import actor_of
from provenance.errors import DomainError
from training.contributions.models import DecisionVerdict
from training.contributions.services import answer_request, ask_contributor, decide_contribution
from training.pages.contributions.finding import contribution_of
from training.pages.contributions.forms import AnswerForm, AskForm, DecisionForm
from training.pages.contributions.page import render_page
from training.pages.contributions.talk import ASK_ID, answer_id
from training.pages.replies import put_into
from training.pages.voices import voices_of


@require_safe
def show_contribution(request: HttpRequest, digest: str) -> HttpResponse:
    """Show a weight update as reviewers read it: whose it is, what it did, what was found, who said what."""
    return render_page(request, contribution_of(digest))


@login_required
@require_POST
def decide(request: HttpRequest, digest: str) -> HttpResponse:
    """Take one maintainer's word; what is refused stands beside what was entered."""
    contribution, actor = contribution_of(digest), actor_of(request.user)
    form = DecisionForm(request.POST, voices=voices_of(actor))
    if form.is_valid():
        said = form.cleaned_data
        verdict = DecisionVerdict(said["verdict"])
        try:
            decide_contribution(
                actor, contribution, verdict, said["note"], said["reason_codes"], member=form.speaker
            )
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("Your word is signed and in the log."))
            return redirect(contribution)
    return render_page(request, contribution, deciding=form)


@login_required
@require_POST
def ask_question(request: HttpRequest, digest: str) -> HttpResponse:
    """Take a maintainer's question to the contributing member."""
    contribution, actor = contribution_of(digest), actor_of(request.user)
    form = AskForm(request.POST, voices=voices_of(actor), auto_id=ASK_ID)
    if form.is_valid():
        try:
            ask_contributor(actor, contribution, form.cleaned_data["question"], member=form.speaker)
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("The contributing member was told of your question."))
            return redirect(f"{contribution.get_absolute_url()}#talk")
    return render_page(request, contribution, asking=form)


@login_required
@require_POST
def answer(request: HttpRequest, digest: str, key: UUID) -> HttpResponse:
    """Take the contributing member's answer to one question."""
    contribution, actor = contribution_of(digest), actor_of(request.user)
    asked = get_object_or_404(contribution.requests.all(), pk=key)
    form = AnswerForm(request.POST, auto_id=answer_id(key))
    if form.is_valid():
        try:
            answer_request(actor, asked, form.cleaned_data["answer"])
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("Your answer stands on the page, and who asked was told."))
            return redirect(f"{contribution.get_absolute_url()}#talk")
    return render_page(request, contribution, answering=(key, form))
