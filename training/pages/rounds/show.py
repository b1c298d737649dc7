"""`/rounds/<id>/`: what is happening now? The page, and the part of it that lives."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.stories import tell
from provenance.actors import Actor
from provenance.events.reading import EventFilter, recent
from training.checkpoints.models import Checkpoint
from training.pages.checkpoints.evaluations import Comparison, compare_in
from training.pages.rounds.quantities import limits_in_words
from training.pages.rounds.sentences import WAY, stages_done, way_of, what_happens
from training.pages.rounds.strands import strands_of
from training.pages.rounds.terms import adapted_in, rules_of
from training.pages.rounds.voting import panel_for
from training.pages.rounds.waiting import waiting_of
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan

MOST_EVENTS: Final = 12


@require_safe
def show_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show the whole page; whoever has no scripts loads it again."""
    round_ = _round(round_id)
    actor = actor_of(request.user)
    plan = TrainingPlan.model_validate(round_.plan)
    context = _live(round_, actor) | {
        "plan": plan,
        "teacher": Checkpoint.objects.filter(digest=plan.teacher).select_related("family").first(),
        "limits": limits_in_words(round_.plan["limits"]),
        "rules": rules_of(round_),
        "adapted": adapted_in(round_),
        "may_abandon": _may_abandon(round_, actor),
    }
    return render(request, "training/rounds/round.html", context)


@require_safe
@never_cache
def show_live(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show what changes, for htmx. An ended round is answered without a trigger, so that polling stops."""
    round_ = _round(round_id)
    context = _live(round_, actor_of(request.user)) | {"is_answer": True}
    return render(request, "training/rounds/live.html", context)


def _round(round_id: int) -> Round:
    rounds = Round.objects.select_related(
        "family", "base__family", "result__family", "candidate__family", "opened_by"
    )
    return get_object_or_404(rounds, pk=round_id)


def _live(round_: Round, actor: Actor) -> dict[str, Any]:
    """Everything that changes while the round runs: five queries, whatever the number of nodes."""
    strands = strands_of(round_)
    events = recent(actor.audiences, EventFilter(subject=f"round:{round_.pk}"))
    return {
        "round": round_,
        "now": what_happens(round_, strands),
        "strands": strands,
        "waiting": waiting_of(round_),
        "panel": panel_for(round_, actor) if round_.ballot_open else None,
        "trial": _trial(round_, actor),
        "way": way_of(round_),
        "done": stages_done(round_),
        "stages": len(WAY),
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }


def _trial(round_: Round, actor: Actor) -> Comparison | None:
    """Return the candidate's figures; of one that became the base, that one's page shows them."""
    if round_.candidate is None or round_.candidate_id == round_.result_id:
        return None
    return compare_in(round_, round_.candidate, actor)


def _may_abandon(round_: Round, actor: Actor) -> bool:
    return not round_.ended and actor.has_role(Role.MAINTAINER)
