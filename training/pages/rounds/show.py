"""`/rounds/<id>/`: what is happening now? The page, the part of it that lives, and one job's readings."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.stories import tell
from provenance.actors import Actor
from provenance.events.reading import EventFilter, recent
from training.jobs.models import Job
from training.pages.curves import NO_CURVE, curves_of
from training.pages.inputs import visible_inputs
from training.pages.rounds.jobs import what_job_does
from training.pages.rounds.quantities import limits_in_words
from training.pages.rounds.sentences import WAY, stages_done, way_of, what_happens
from training.pages.rounds.strands import strands_of
from training.rounds.models import Round

MOST_EVENTS: Final = 12
MOST_LINES: Final = 60


@require_safe
def show_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show the whole page; whoever has no scripts loads it again."""
    round_ = _round(round_id)
    actor = actor_of(request.user)
    context = _live(round_, actor) | {
        "plan": round_.plan,
        "limits": limits_in_words(round_.plan["limits"]),
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


@require_safe
@never_cache
def show_job(request: HttpRequest, round_id: int, job_id: UUID) -> HttpResponse:
    """Show one job's readings and log: as a page, or to htmx as the fragment inside of it.

    Log lines and a node's own words are for the consortium: nodes write them freely (INF-7).
    """
    jobs = Job.objects.select_related("node__member", "round__family", "round__result", "contribution")
    job = get_object_or_404(jobs, pk=job_id, round_id=round_id)
    actor = actor_of(request.user)
    lines = list(job.log.order_by("-id")[:MOST_LINES]) if actor.members else []
    context: dict[str, Any] = {
        "job": job,
        "curve": curves_of([job]).get(job.pk, NO_CURVE),
        "contribution": getattr(job, "contribution", None),
        "lines": lines[::-1],
        "in_consortium": bool(actor.members),
    }
    if request.headers.get("HX-Request"):
        return render(request, "training/rounds/readings.html", context)
    context |= {"inputs": visible_inputs(job, actor), "answer": what_job_does(job, context["curve"])}
    return render(request, "training/rounds/job.html", context)


def _round(round_id: int) -> Round:
    rounds = Round.objects.select_related("family", "base__family", "result__family", "opened_by")
    return get_object_or_404(rounds, pk=round_id)


def _live(round_: Round, actor: Actor) -> dict[str, Any]:
    """Everything that changes while the round runs: five queries, whatever the number of nodes."""
    strands = strands_of(round_)
    events = recent(actor.audiences, EventFilter(subject=f"round:{round_.pk}"))
    return {
        "round": round_,
        "now": what_happens(round_, strands),
        "strands": strands,
        "way": way_of(round_),
        "done": stages_done(round_),
        "stages": len(WAY),
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }


def _may_abandon(round_: Round, actor: Actor) -> bool:
    return not round_.ended and actor.has_role(Role.MAINTAINER)
