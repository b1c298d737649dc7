"""`/proposals/batches/new/`: hand in a table of descriptions."""

from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.batches.models import Batch
from catalog.batches.reading import read_table
from catalog.batches.services import start_batch
from catalog.batches.table import MOST_COLUMNS, MOST_ROWS
from catalog.members.models import Role
from catalog.pages.batches.finding import steward_of
from catalog.pages.batches.forms import NewForm
from catalog.pages.batches.receiving import kept_in_memory
from provenance.actors import Actor
from provenance.errors import Invalid


@login_required
@kept_in_memory
@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request: HttpRequest) -> HttpResponse:
    """Show the form, or read the table and go on to its columns."""
    actor = steward_of(request)
    sent = request.method == "POST"
    form = NewForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        slugs=actor.members_with(Role.STEWARD),
    )
    if sent and form.is_valid():
        try:
            return redirect("batch-columns", _start(actor, form).pk)
        except Invalid as refused:
            field = "file" if form.cleaned_data.get("file") else "text"
            form.add_error(field, " ".join(filter(None, [refused.message, refused.remedy])))
    context = {"form": form, "most_rows": MOST_ROWS, "most_columns": MOST_COLUMNS}
    return render(request, "pages/batches/new.html", context, status=422 if form.errors else 200)


def _start(actor: Actor, form: NewForm) -> Batch:
    given = form.cleaned_data
    file = given.get("file")
    # Browsers send a name, hostile callers a path; only its last part is a name.
    name = PurePosixPath((file.name or "").replace("\\", "/")).name if file else str(_("Pasted table"))
    table = read_table(name, file.read() if file else given["text"].encode("utf-8", "replace"))
    return start_batch(actor=actor, member=given["member"], name=name[:200], table=table)
