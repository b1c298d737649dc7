"""`/proposals/batches/<id>/`: what came of a table, what is wrong with it, and what is next?"""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog.batches.exporting import report_document, report_lines
from catalog.batches.faults import faults_of
from catalog.batches.report import groups_of, name_of_row, next_faulty, standing_of
from catalog.batches.services import forget_batch
from catalog.batches.states import RowState
from catalog.pages.batches.finding import batch_for

PAGE: Final = 50


@login_required
@require_safe
@never_cache
def show_batch(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show counts, faults by column and code, and the rows of one state or of all."""
    _actor, batch = batch_for(request, key)
    chosen = request.GET.get("state", "")
    rows = batch.rows.select_related("proposal").order_by("number")
    if chosen in RowState.values:
        rows = rows.filter(state=chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    standing = standing_of(batch)
    context: dict[str, Any] = {
        "batch": batch,
        "standing": standing,
        "tabs": _tabs(standing.counts, chosen),
        "chosen": chosen,
        "page": page,
        "rows": [(row, name_of_row(row, batch.columns), faults_of(row.faults)) for row in page],
        "groups": groups_of(batch) if standing.counts[RowState.FAULTY] else [],
        "repair": next_faulty(batch) if standing.counts[RowState.FAULTY] else None,
        "left_out": [column for column, path in batch.columns if not path],
    }
    return render(request, "pages/batches/batch.html", context)


@login_required
@require_safe
@never_cache
def show_progress(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show how far the work is: a fragment that ends its own polling."""
    _actor, batch = batch_for(request, key)
    return render(request, "pages/batches/progress.html", {"batch": batch, "standing": standing_of(batch)})


@login_required
@require_safe
def report_csv(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """Give out every row with its state, its faults and their remedies, as CSV."""
    _actor, batch = batch_for(request, key)
    answer = StreamingHttpResponse(report_lines(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{batch.pk}.csv"'
    return answer


@login_required
@require_safe
def report_json(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Give out the same as JSON."""
    _actor, batch = batch_for(request, key)
    return JsonResponse(report_document(batch))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then forget the table; its drafts stay."""
    actor, batch = batch_for(request, key)
    if request.method == "POST":
        forget_batch(actor=actor, batch=batch)
        messages.success(request, _("The table is forgotten. Its drafts are where they were."))
        return redirect("batches")
    return render(request, "pages/batches/forget.html", {"batch": batch, "standing": standing_of(batch)})


def _tabs(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """Return the filters that find something, and the one that is chosen."""
    tabs = [{"state": "", "label": _("All"), "count": sum(counts.values()), "here": not chosen}]
    tabs += [
        {"state": state, "label": state.label, "count": counts[state], "here": state == chosen}
        for state in RowState
        if counts[state] or state == chosen
    ]
    return tabs
