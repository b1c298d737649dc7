"""`/proposals/<id>/edit/<step>/`: one question at a time, saved at each."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.design.languages import suggested_languages
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forgetting import ask, asks_first
from catalog.pages.proposals.forms.base import StepForm
from catalog.pages.proposals.overview import titles_of
from catalog.pages.proposals.steps import BY_SLUG, TIER, address_of_step, step_after, steps_for, tasks_of
from catalog.pages.records import Row, rows_of
from catalog.proposals.checks import check_draft
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid

LICENCES = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CDLA-Permissive-2.0",
    "MIT",
    "Apache-2.0",
    "unknown",
)


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
        return _page(request, proposal, step, kind(initial=initial))
    return _receive(request, actor, proposal, step, kind(request.POST, initial=initial))


def _receive(
    request: HttpRequest, actor: Actor, proposal: Proposal, step: str, form: StepForm
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, proposal, step, form)
    if asks_first(request, proposal, form):
        return ask(request, proposal, titles_of(proposal))
    try:
        saved = _save(actor, proposal, form)
    except Conflict as conflict:
        if conflict.code != "revision-stale":
            raise
        return _both(request, proposal.pk, step, form)
    except Invalid as refusal:
        form.take_over(refusal.fields)
        form.add_error(None, " ".join(filter(None, [refusal.message, refusal.remedy])))
        return _page(request, proposal, step, form)
    return _go_on(request, saved, step, form)


def refuse_description(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Lead from a step that a private draft has not to its seal; what was sent is dropped (INV-1)."""
    messages.warning(request, _("Private data are not described here: nothing of that was saved."))
    return redirect(address_of_step(proposal, step_after(proposal, TIER.slug)))


def merged(record: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return the record with a step's answers; what is not answered is not kept as an empty answer."""
    return {name: value for name, value in {**record, **patch}.items() if value is not None}


def frame_of(proposal: Proposal, step: str) -> dict[str, Any]:
    """Return what all steps show around their form."""
    steps = steps_for(proposal)
    number = [each.slug for each in steps].index(step) + 1
    return {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "step": BY_SLUG[step],
        "number": number,
        "steps": len(steps),
        "back": address_of_step(proposal, steps[number - 2].slug)
        if number > 1
        else proposal.get_absolute_url(),
    }


def _save(actor: Actor, proposal: Proposal, form: StepForm) -> Proposal:
    return save_draft(
        actor=actor,
        proposal=proposal,
        record=merged(proposal.record, form.as_patch()),
        expected_revision=form.cleaned_data["revision"] or 0,
    )


def _go_on(request: HttpRequest, proposal: Proposal, step: str, form: StepForm) -> HttpResponse:
    if added := form.cleaned_data.get("add_language"):
        return redirect(f"{address_of_step(proposal, step)}?add={added}#texts-{added}")
    messages.success(request, _("Saved."))
    if "later" in request.POST:
        return redirect(proposal)
    return redirect(address_of_step(proposal, step_after(proposal, step)))


def _both(request: HttpRequest, key: uuid.UUID, step: str, refused: StepForm) -> HttpResponse:
    """Show the saved answers beside the typed ones; sending again saves on top of the newer revision."""
    _actor, saved = draft_for(request, key)
    mine = merged(saved.record, refused.as_patch())
    typed = request.POST.copy()
    typed["revision"] = str(saved.revision)
    pairs = zip(_rows(saved.record, step), _rows(mine, step), strict=True)
    differing = [(theirs, yours) for theirs, yours in pairs if theirs.lines != yours.lines]
    form = type(refused)(typed, initial=refused.initial)
    return _page(request, saved, step, form, {"differing": differing, "stale": True}, status=409)


def _rows(record: dict[str, Any], step: str) -> list[Row]:
    return [row for row in rows_of(record) if row.step == step]


def _page(
    request: HttpRequest,
    proposal: Proposal,
    step: str,
    form: StepForm,
    extra: dict[str, Any] | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {"form": form, "autonyms": suggested_languages(), "licences": LICENCES}
    context |= {**frame_of(proposal, step), **(extra or {})}
    pages = [f"pages/proposals/steps/{step}.html", "pages/proposals/steps/questions.html"]
    return render(request, pages, context, status=status or (422 if form.errors else 200))
