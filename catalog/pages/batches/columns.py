"""`/proposals/batches/<id>/columns/`: what does each column mean, and what holds for all rows?"""

import uuid
from collections import defaultdict
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.batches.models import Batch
from catalog.batches.services import set_columns
from catalog.members.models import User
from catalog.pages.batches.constants import ConstantsForm
from catalog.pages.batches.finding import batch_for
from catalog.pages.batches.forms import ColumnsForm
from provenance.actors import Actor
from provenance.errors import Invalid

ROWS_LOOKED_AT: Final = 30
EXAMPLES: Final = 3
LONGEST: Final = 80  # characters of an example


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tell_columns(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show the guesses with the first values, or take what the steward made of them."""
    actor, batch = batch_for(request, key)
    person = request.user
    assert isinstance(person, User)  # noqa: S101 - the view lets nobody else in
    sent = request.POST if request.method == "POST" else None
    form = ColumnsForm(sent, columns=batch.columns, examples=_examples(batch))
    constants = ConstantsForm(
        sent,
        initial=ConstantsForm.initial_of(batch.constants),
        person=(person.name, person.email),
        mapped=[path for _column, path in batch.columns],
        prefix="all",
    )
    if sent is not None and form.is_valid() and constants.is_valid() and _save(actor, batch, form, constants):
        messages.success(request, _("The rows are being read now. You may leave this page meanwhile."))
        return redirect(batch)
    context = {"batch": batch, "form": form, "constants": constants}
    refused = form.errors or constants.errors
    return render(request, "pages/batches/columns.html", context, status=422 if refused else 200)


def _save(actor: Actor, batch: Batch, form: ColumnsForm, constants: ConstantsForm) -> bool:
    try:
        set_columns(actor=actor, batch=batch, columns=form.chosen(), constants=constants.chosen())
    except Invalid as refused:
        (constants if refused.code == "constant-unreadable" else form).take_over(refused.fields)
        return False
    return True


def _examples(batch: Batch) -> dict[str, list[str]]:
    """Return the first different values of each column; one query."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for values in batch.rows.order_by("number").values_list("values", flat=True)[:ROWS_LOOKED_AT]:
        for column, text in values.items():
            if len(found[column]) < EXAMPLES:
                found[column][text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"] = None
    return {column: list(texts) for column, texts in found.items()}
