"""`/proposals/<id>/inspection/`: how far the files are looked at; a fragment that ends its own polling."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.inspection.progress import progress_of
from catalog.interchange.disclosure import is_withheld
from catalog.pages.proposals.finding import proposal_for


@login_required
@require_safe
@never_cache
def show_inspection(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Answer whoever may know of the proposal; others get the 404 of a missing one."""
    actor, proposal = proposal_for(request, key)
    files = [] if is_withheld(actor, proposal) else proposal.files
    context = {"proposal": proposal, "progress": progress_of(files)}
    return render(request, "pages/proposals/inspection.html", context)
