"""The two posts of a request's page: the owner's answer, and the wish for more time."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.access.finding import require_asker, require_owner
from catalog.access.models import AccessRequest
from catalog.access.services import grant_access, refuse_access, renew_access
from catalog.pages.access.forms import GRANT, DecideForm, RenewForm
from catalog.pages.access.show import decision_on, page_of, request_for
from provenance.actors import Actor
from provenance.errors import Invalid


@login_required
@require_POST
def decide_request(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Grant or refuse. What was typed stays on the page when the answer is not taken."""
    actor, found = request_for(request, key)
    require_owner(actor, found)
    form = decision_on(found, request.POST)
    if form.is_valid():
        try:
            _decide(actor, found, form)
        except Invalid as refusal:
            form.take_over(refusal.fields or {"": [refusal.message]})
        else:
            messages.success(request, _("Your answer is in the log, and whoever asked is told."))
            return redirect(found)
    return render(request, "pages/access/request.html", page_of(actor, found, decision=form), status=422)


@login_required
@require_POST
def renew(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask for the same again; the owner decides on it as on any other request."""
    actor, found = request_for(request, key)
    require_asker(actor, found)
    form = RenewForm(request.POST)
    if form.is_valid():
        renewal = renew_access(actor=actor, request=found, days=form.cleaned_data["days"])
        messages.success(request, _("Asked. Until the answer comes, nothing changes."))
        return redirect(renewal)
    return render(request, "pages/access/request.html", page_of(actor, found, renewal=form), status=422)


def _decide(actor: Actor, found: AccessRequest, form: DecideForm) -> None:
    given = form.cleaned_data
    if given["answer"] == GRANT:
        grant_access(actor=actor, request=found, days=given["days"], note=given["note"])
    else:
        refuse_access(actor=actor, request=found, reason_codes=given["reason_codes"], note=given["note"])
