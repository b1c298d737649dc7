"""`/proposals/<id>/edit/<step>/`: one question at a time, saved at each."""

import json
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.pages.proposals.autosaving import AUTOSAVE, save_quietly
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forgetting import ask, asks_first
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.saving import Outcome, save_step
from catalog.pages.proposals.showing import page_of_step, refuse_description
from catalog.pages.proposals.steps import BY_SLUG, address_of_step, step_after, steps_for, tasks_of
from catalog.pages.proposals.titles import titles_of
from catalog.proposals.checks import check_draft
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_safe
def resume(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Lead to the first step that still needs something."""
    actor, proposal = draft_for(request, key)
    tasks = tasks_of(proposal, check_draft(proposal, actor=actor))
    unfinished = (task.url for task in tasks if task.state in {"to_do", "in_progress"})
    return redirect(next(unfinished, address_of_step(proposal, "check")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_step(request: HttpRequest, key: uuid.UUID, step: str) -> HttpResponse:
    """Show one step, or save it and go on. What was typed stays, whatever is said against it."""
    kind = BY_SLUG[step].form if step in BY_SLUG else None
    if kind is None:
        raise Http404
    actor, proposal = draft_for(request, key)
    if BY_SLUG[step] not in steps_for(proposal):
        return refuse_description(request, proposal)
    initial = {**kind.from_record(proposal.record), "revision": proposal.revision}
    if request.method != "POST":
        added = request.GET.get("add", "")[:35]
        initial["text_languages"] = f"{initial.get('text_languages', '')} {added}"
        return page_of_step(request, actor, proposal, step, kind(initial=initial))
    form = kind(request.POST, initial=initial)
    form.is_valid()
    if AUTOSAVE in request.headers:
        return save_quietly(request, actor, proposal, BY_SLUG[step], form)
    return _receive(request, actor, proposal, step, form)


def _receive(
    request: HttpRequest, actor: Actor, proposal: Proposal, step: str, form: StepForm
) -> HttpResponse:
    if asks_first(request, proposal, form):
        return ask(request, proposal, titles_of(proposal))
    try:
        outcome = save_step(actor, proposal, form, request.POST)
    except Conflict as conflict:
        if conflict.code != "revision-stale":
            raise
        return ask(request, draft_for(request, proposal.pk)[1], titles_of(proposal))
    except Invalid as refusal:
        form.take_over(refusal.fields)
        form.add_error(None, " ".join(filter(None, [refusal.message, refusal.remedy])))
        return page_of_step(request, actor, proposal, step, form)
    if form.errors or outcome.open:
        again = type(form)(_typed(request, outcome), initial=form.initial)
        return page_of_step(request, actor, outcome.proposal, step, again, outcome)
    return _go_on(request, outcome.proposal, step, form)


def _go_on(request: HttpRequest, proposal: Proposal, step: str, form: StepForm) -> HttpResponse:
    if added := form.cleaned_data.get("add_language"):
        return redirect(f"{address_of_step(proposal, step)}?add={added}#texts-{added}")
    messages.success(request, _("Saved."))
    if "later" in request.POST:
        return redirect(proposal)
    return redirect(address_of_step(proposal, step_after(proposal, step)))


def _typed(request: HttpRequest, outcome: Outcome) -> QueryDict:
    """Return what was sent, now on top of the revision and the answers that the page shows."""
    typed = request.POST.copy()
    typed["revision"] = str(outcome.proposal.revision)
    typed["base"] = json.dumps(outcome.base)
    return typed
