"""`/rollbacks/<id>/`: is it out, what else hangs on it, and who decides?"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.members.actors import actor_of
from catalog.pages.reasons import words_of_reason
from catalog.pages.stories import tell
from provenance.actors import Actor
from provenance.errors import Conflict, DomainError
from provenance.events.reading import EventFilter, recent
from training.pages.checkpoints.evaluations import compare_beside
from training.pages.replies import put_into, tell_refusal
from training.pages.rollbacks.levels import Outlook, Row, outlook_of, rows_of
from training.pages.rollbacks.panel import OutcomeForm, VotePanel, panel_for
from training.pages.rollbacks.sentences import where_it_stands
from training.rollbacks.deciding import try_again
from training.rollbacks.finishing import finish_descendant, may_finish
from training.rollbacks.models import DescendantPlan, Rollback
from training.rollbacks.proposing import take_back_rollback
from training.rollbacks.removal import removal_of
from training.rollbacks.speaking import speak_on_rollback
from training.rollbacks.states import RollbackState

MOST_EVENTS: Final = 12
TURNS: Final = {"take-back": take_back_rollback, "try-again": try_again}


@dataclass(frozen=True, slots=True)
class Task:
    """A descendant, and the form for whoever is responsible."""

    row: Row
    form: OutcomeForm | None


@require_safe
@never_cache
def show_rollback(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show where it stands, what it does, and the vote."""
    rollback = _rollback(key)
    actor = actor_of(request.user)
    return _page(request, rollback, actor, panel_for(rollback, actor))


@login_required
@require_POST
def speak(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take one member's word."""
    rollback = _rollback(key)
    actor = actor_of(request.user)
    panel = panel_for(rollback, actor, request.POST)
    form = panel.form
    if form is None:
        messages.error(request, str(panel.reason) or _("This vote is over."))
        return redirect(rollback)
    if form.is_valid():
        said = form.cleaned_data
        try:
            agrees = said["word"] == "for"
            speak_on_rollback(actor, rollback, agrees=agrees, note=said["note"], member=form.speaker)
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("Your member’s word is in the log."))
            return redirect(rollback)
    return _page(request, rollback, actor, panel, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@login_required
@require_POST
def steer(request: HttpRequest, key: UUID, turn: str) -> HttpResponse:
    """Take the proposal back, or try a replay that failed once more."""
    rollback = _rollback(key)
    try:
        TURNS[turn](actor_of(request.user), rollback)
    except DomainError as error:
        tell_refusal(request, error)
    return redirect(rollback)


@login_required
@require_POST
def finish(request: HttpRequest, key: UUID, descendant: UUID) -> HttpResponse:
    """Note what became of a descendant."""
    form = OutcomeForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            outcome = DescendantPlan(said["outcome"])
            finish_descendant(actor_of(request.user), descendant, outcome=outcome, note=said["note"])
        except DomainError as error:
            tell_refusal(request, error)
        else:
            messages.success(request, _("Noted as done."))
    else:
        messages.error(request, _("Say what became of it, in at most 1,000 characters."))
    return redirect("rollback", key=key)


def _rollback(key: UUID) -> Rollback:
    rows = Rollback.objects.select_related(
        "family", "head__family", "result__family", "member", "proposed_by"
    )
    return get_object_or_404(rows, pk=key)


def _page(
    request: HttpRequest, rollback: Rollback, actor: Actor, panel: VotePanel, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    steps = list(rollback.steps.select_related("replaces__family", "made__family"))
    events = recent(actor.audiences, EventFilter(subject=f"rollback:{rollback.pk}"))
    outlook = _outlook(rollback, actor)
    context: dict[str, Any] = {
        "rollback": rollback,
        "answer": where_it_stands(rollback, panel.tally, steps),
        "reason": words_of_reason(rollback.reason_code),
        "named": rollback.contributions.select_related("job__node__member", "round__family"),
        "panel": panel,
        "steps": steps,
        "done": sum(step.made_id is not None for step in steps),
        "outlook": outlook,
        "comparison": compare_beside(rollback.head, rollback.result, actor) if rollback.result else None,
        "tasks": [Task(row, _form(rollback, actor, row)) for row in _rows(rollback, actor, outlook)],
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }
    return render(request, "training/rollbacks/rollback.html", context, status=status)


def _outlook(rollback: Rollback, actor: Actor) -> Outlook | None:
    """Return what it does, or did; None where a later rollback took it out of the newest base before."""
    is_open = rollback.state == RollbackState.PROPOSED
    try:
        removal = removal_of(rollback)
    except Conflict:
        return None
    kept = None if is_open else list(rollback.descendants.select_related("member"))
    return outlook_of(removal, actor, kept)


def _rows(rollback: Rollback, actor: Actor, outlook: Outlook | None) -> list[Row]:
    kept = rollback.descendants.select_related("member")
    return outlook.rows if outlook else rows_of(actor, list(kept))


def _form(rollback: Rollback, actor: Actor, row: Row) -> OutcomeForm | None:
    """Return the form for a descendant that waits for the reader's member; before the vote there is none."""
    kept = row.descendant
    is_open = rollback.state == RollbackState.PROPOSED
    asks = not is_open and kept.plan == DescendantPlan.REVIEW and may_finish(actor, kept)
    return OutcomeForm(auto_id=f"{kept.pk}-%s") if asks else None
