"""`/rounds/`: which turns of the loop were there, and does one run now?"""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.states import CONTRIBUTES
from training.pages.rounds.sentences import WAY, stages_done, what_happens
from training.pages.rounds.strands import strands_of
from training.rounds.models import Round
from training.rounds.states import ENDED

PAGE: Final = 20
MOST_RUNNING: Final = 3  # rounds that the home page shows; each family has one at most


@require_safe
def browse_rounds(request: HttpRequest) -> HttpResponse:
    """List all rounds, newest first, with what came in and what came out."""
    page = Paginator(_counted(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "running": sum(not round_.ended for round_ in page.object_list),
        "may_open": actor_of(request.user).has_role(Role.MAINTAINER),
    }
    return render(request, "training/rounds/browse.html", context)


@require_safe
@never_cache
def show_current(request: HttpRequest) -> HttpResponse:
    """Answer the home page with the rounds that run now; with nothing at all when none does."""
    rounds = Round.objects.exclude(state__in=ENDED).select_related(
        "family", "base__family", "result__family"
    )[:MOST_RUNNING]
    running = [_briefly(round_) for round_ in rounds]
    if not running:
        return HttpResponse()
    return render(request, "training/rounds/current.html", {"running": running})


def _briefly(round_: Round) -> dict[str, Any]:
    strands = strands_of(round_)
    return {
        "round": round_,
        "now": what_happens(round_, strands),
        "strands": strands,
        "done": stages_done(round_),
        "stages": len(WAY),
    }


def _counted() -> QuerySet[Round]:
    jobs = Count("jobs", filter=Q(jobs__kind__in=CONTRIBUTES))
    # In asynchronous work a contribution may count in another round than its job's, so it is asked by itself.
    came_in = Contribution.objects.filter(round=OuterRef("pk")).order_by().values("round")
    merged = came_in.filter(state=ContributionState.MERGED)
    rounds = Round.objects.select_related("family", "base", "result").annotate(
        nodes=jobs,
        came_in=Coalesce(Subquery(came_in.values(n=Count("pk"))), 0),
        merged=Coalesce(Subquery(merged.values(n=Count("pk"))), 0),
    )
    return rounds.order_by("-pk")  # counting takes the model's own order away
