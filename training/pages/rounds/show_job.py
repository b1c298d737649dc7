"""`/rounds/<id>/jobs/<id>/`: what became of one job, where does it stand, and what did its node say?"""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.pages.stories import tell
from provenance.events.reading import EventFilter, recent
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES
from training.pages.curves import NO_CURVE, curves_of
from training.pages.inputs import visible_inputs
from training.pages.rounds.conditions import condition_of, parts_of
from training.pages.rounds.jobs import what_job_does
from training.pages.rounds.steering import turns_for
from training.pages.rounds.strands import Strand, tokens_in_a_step

MOST_LINES: Final = 60
MOST_EVENTS: Final = 30


@require_safe
@never_cache
def show_job(request: HttpRequest, round_id: int, job_id: UUID) -> HttpResponse:
    """Show one job: as a page, or to htmx as the fragment with its readings and log.

    Log lines and a node's own words are for the consortium: nodes write them freely (INF-7).
    """
    jobs = Job.objects.select_related(
        "node__member", "round__family", "round__result", "contribution", "subject__job__node", "re_execution"
    )
    job = get_object_or_404(jobs, pk=job_id, round_id=round_id)
    actor = actor_of(request.user)
    lines = list(job.log.order_by("-id")[:MOST_LINES]) if actor.members else []
    curve = curves_of([job]).get(job.pk, NO_CURVE)
    context: dict[str, Any] = {
        "job": job,
        "curve": curve,
        "contribution": getattr(job, "contribution", None),
        "lines": lines[::-1],
        "in_consortium": bool(actor.members),
    }
    if request.headers.get("HX-Request"):
        return render(request, "training/rounds/readings.html", context)
    events = recent(actor.audiences, EventFilter(subject=f"job:{job.pk}"))
    context |= {
        "inputs": visible_inputs(job, actor),
        "answer": what_job_does(job, curve),
        "condition": condition_of(job, context["contribution"], parts_of([job]).get(job.pk)),
        "strand": Strand(job, curve, step_tokens=_tokens(job)),
        "result": getattr(job, "re_execution", None),
        "turns": turns_for(actor, job),
        "story": tell(events[:MOST_EVENTS], reader=actor),
    }
    return render(request, "training/rounds/job.html", context)


def _tokens(job: Job) -> int:
    return tokens_in_a_step(job.round.plan) if job.kind in CONTRIBUTES else 0
