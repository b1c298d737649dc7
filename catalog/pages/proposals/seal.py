"""`/proposals/<id>/edit/seal/`: private data are sealed on their node; the seal alone comes here."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.forms.sealing import SealForm
from catalog.pages.proposals.showing import frame_of
from catalog.pages.proposals.steps import SEAL, TIER, address_of_step, step_after, steps_for
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_seal
from provenance.errors import Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_seal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Tell how the node seals; take what it printed. What can not be taken stays in the field, with why."""
    actor, proposal = draft_for(request, key)
    if SEAL not in steps_for(proposal):
        messages.warning(request, _("Only private data are sealed. Choose that tier first."))
        return redirect(address_of_step(proposal, TIER.slug))
    form = SealForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, proposal, form)
    try:
        sealed = attach_seal(actor=actor, proposal=proposal, envelope=form.cleaned_data["envelope"])
    except Invalid as refusal:
        form.add_error("envelope", " ".join(filter(None, [refusal.message, refusal.remedy])))
        return _page(request, proposal, form)
    messages.success(request, _("The seal holds: a node of your member signed it."))
    return redirect(address_of_step(sealed, step_after(sealed, SEAL.slug)))


def _page(request: HttpRequest, proposal: Proposal, form: SealForm) -> HttpResponse:
    context = {
        **frame_of(proposal, SEAL.slug),
        "form": form,
        "commitment": proposal.record.get("commitment", ""),
        "node": proposal.record.get("node", ""),
        "next": address_of_step(proposal, step_after(proposal, SEAL.slug)),
    }
    return render(request, "pages/proposals/steps/seal.html", context, status=422 if form.errors else 200)
