"""`/rollbacks/`: what was taken out of shared bases, and what is asked for."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.rollbacks.models import Rollback
from training.rollbacks.states import ENDED

PAGE: Final = 40


@require_safe
def browse_rollbacks(request: HttpRequest) -> HttpResponse:
    """List all rollbacks, newest first."""
    rows = Rollback.objects.select_related("family", "head__family", "result__family", "member")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    running = Rollback.objects.exclude(state__in=ENDED).count()
    return render(request, "training/rollbacks/browse.html", {"page": page, "running": running})
