"""`/proposals/batches/`: which tables did my member hand in, and where do they stand?"""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.batches.exporting import example_table
from catalog.batches.models import Batch
from catalog.batches.states import RowState
from catalog.pages.batches.finding import steward_of

PAGE: Final = 25


@login_required
@require_safe
def browse_batches(request: HttpRequest) -> HttpResponse:
    """List the batches of the reader's members, the newest first; two queries."""
    counted = {
        state: Count("rows", filter=Q(rows__state=state)) for state in ("faulty", "drafted", "submitted")
    }
    mine = (
        Batch.objects.visible_to(steward_of(request))
        .select_related("member")
        .annotate(n=Count("rows"), **counted)
    )
    page = Paginator(mine.order_by("-created_at", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/batches/browse.html", {"page": page, "states": RowState})


@require_safe
def example(_request: HttpRequest) -> HttpResponse:
    """Give out a table to fill in, with a column for each field."""
    answer = HttpResponse("\ufeff" + example_table(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="datasets.csv"'
    return answer
