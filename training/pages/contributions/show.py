"""`/contributions/<digest>/`: may these weights go into the next base?"""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.members.actors import actor_of
from catalog.pages.stories import tell
from provenance.errors import DomainError
from provenance.events.reading import EventFilter, recent
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.services import decide_contribution, missing_decisions
from training.pages.contributions.again import again_for
from training.pages.contributions.panel import DecisionForm, panel_for
from training.pages.contributions.report import admission_of, signed_words
from training.pages.contributions.sentences import where_it_stands
from training.pages.curves import NO_CURVE, curves_of
from training.pages.inputs import visible_inputs
from training.pages.replies import put_into
from training.pages.voices import voices_of
from training.rounds.windows import are_bytes_readable

MOST_EVENTS = 12


@require_safe
def show_contribution(request: HttpRequest, digest: str) -> HttpResponse:
    """Show a weight update as reviewers read it: whose it is, what it did, what was found, who said what."""
    return _page(request, _contribution(digest))


@login_required
@require_POST
def decide(request: HttpRequest, digest: str) -> HttpResponse:
    """Take one maintainer's word; what is refused stands beside what was entered."""
    contribution = _contribution(digest)
    actor = actor_of(request.user)
    form = DecisionForm(request.POST, voices=voices_of(actor))
    if form.is_valid():
        verdict = DecisionVerdict(form.cleaned_data["verdict"])
        note = form.cleaned_data["note"]
        try:
            decide_contribution(actor, contribution, verdict, note=note, member=form.speaker)
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("Your word is signed and in the log."))
            return redirect(contribution)
    return _page(request, contribution, form)


def _page(request: HttpRequest, contribution: Contribution, form: DecisionForm | None = None) -> HttpResponse:
    actor = actor_of(request.user)
    decisions = list(contribution.decisions.select_related("maintainer", "member").order_by("-id"))
    inputs = visible_inputs(contribution.job, actor)
    events = recent(actor.audiences, EventFilter(subject=f"contribution:{contribution.digest}"))
    context = {
        "contribution": contribution,
        "job": contribution.job,
        "answer": where_it_stands(contribution, decisions),
        "missing": missing_decisions(contribution),
        "inputs": inputs,
        "curve": curves_of([contribution.job]).get(contribution.job_id, NO_CURVE),
        "admission": admission_of(contribution),
        "readable": are_bytes_readable(contribution.round),
        "again": again_for(actor, contribution),
        "decisions": decisions,
        "panel": panel_for(actor, contribution, decisions, form),
        "refused": form,
        "statement": signed_words(contribution, frozenset(version.digest for version in inputs)),
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }
    status = HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "training/contributions/contribution.html", context, status=status)


def _contribution(digest: str) -> Contribution:
    rows = Contribution.objects.select_related(
        "statement",
        "job__node__member",
        "job__round__family",
        "job__round__base",
        "round__family",
        "round__result__family",
    )
    return get_object_or_404(rows, digest=digest)
