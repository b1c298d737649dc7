"""`/proposals/batches/<id>/rows/<n>/`: what is wrong with this row, and how is it mended?"""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.batches.faults import faults_of
from catalog.batches.models import Row
from catalog.batches.report import name_of_row, next_faulty
from catalog.batches.services import repair_row, skip_row, unskip_row
from catalog.batches.states import BatchState, RowState
from catalog.pages.batches.finding import row_for
from catalog.pages.batches.forms import RowForm
from provenance.actors import Actor
from provenance.errors import Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repair(request: HttpRequest, key: uuid.UUID, number: int) -> HttpResponse:
    """Show each cell with its fault beside it; save, leave the row out, or take it in again."""
    actor, row = row_for(request, key, number)
    if request.method != "POST":
        return _page(request, row, _faulted(row))
    if "leave_out" in request.POST:
        skip_row(actor=actor, row=row)
        messages.success(request, _("Row %(n)d is left out.") % {"n": number})
        return _go_on(row)
    if "take_in" in request.POST:
        unskip_row(actor=actor, row=row)
        return redirect(row)
    form = RowForm(request.POST, row=row)
    settled = _save(actor, row, form)
    if settled is None:
        return _page(request, row, form)
    if settled.state == RowState.FAULTY:
        settled.batch = row.batch
        return _page(request, settled, _faulted(settled, request.POST.dict()))
    if settled.state == RowState.REFUSED:
        messages.warning(request, _("Private data are not described here: nothing of the row was kept."))
    else:
        messages.success(request, _("Row %(n)d is a draft now.") % {"n": number})
    return _go_on(row) if "next" in request.POST else redirect(row.batch)


def _save(actor: Actor, row: Row, form: RowForm) -> Row | None:
    """Repair the row; None when its texts can not even be kept, then the form says why."""
    if not form.is_valid():
        return None
    keep = bool(form.cleaned_data.get("keep_duplicate"))
    try:
        return repair_row(actor=actor, row=row, values=form.values(), keep_duplicate=keep)
    except Invalid as refused:
        for column, texts in refused.fields.items():
            for text in texts:
                form.add_error(form.name_of(column), text)
        return None


def _faulted(row: Row, typed: dict[str, str] | None = None) -> RowForm:
    """Return the row's form with its faults as errors, each at its cell."""
    form = RowForm(typed or RowForm.data_of(row), row=row)
    form.is_valid()
    for fault in faults_of(row.faults):
        form.add_error(form.name_of(fault.column), f"{fault.message} {fault.remedy}")
    return form


def _go_on(row: Row) -> HttpResponse:
    following = next_faulty(row.batch, after=row.number)
    return redirect(following or row.batch)


def _page(request: HttpRequest, row: Row, form: RowForm) -> HttpResponse:
    context = {
        "batch": row.batch,
        "row": row,
        "name": name_of_row(row, row.batch.columns),
        "form": form,
        "repairable": row.state in {RowState.FAULTY, RowState.WAITING}
        and row.batch.state != BatchState.MAPPING,
    }
    wrong = request.method == "POST" and form.errors
    return render(request, "pages/batches/row.html", context, status=422 if wrong else 200)
