"""`/proposals/batches/<id>/submit/`: hand in all drafts of a table, and see what keeps the others back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalog.batches.report import standing_of
from catalog.batches.services import submit_rows
from catalog.batches.submitting import MOST_AT_ONCE, HandedIn
from catalog.pages.batches.finding import batch_for
from catalog.pages.batches.forms import AffirmAllForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the affirmation, hand in as many as one turn takes, and list what is blocked."""
    actor, batch = batch_for(request, key)
    sent = request.method == "POST"
    form = AffirmAllForm(request.POST if sent else None)
    done: HandedIn | None = None
    if sent and form.is_valid():
        done = submit_rows(actor=actor, batch=batch, affirmed=True, after=_after(request))
        if done.submitted:
            n = len(done.submitted)
            text = ngettext("%(n)d proposal was submitted.", "%(n)d proposals were submitted.", n)
            messages.success(request, text % {"n": n})
        if not done.blocked and not done.left:
            return redirect(batch)
    context = {
        "batch": batch,
        "standing": standing_of(batch),
        "form": form,
        "done": done,
        "after": max([0, *(each.number for each in done.blocked), *done.submitted]) if done else 0,
        "most": MOST_AT_ONCE,
    }
    return render(request, "pages/batches/submit.html", context, status=422 if form.errors else 200)


def _after(request: HttpRequest) -> int:
    text = request.POST.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - more digits than any row has
