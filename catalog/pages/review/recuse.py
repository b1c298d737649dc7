"""`/proposals/<id>/recuse/`: taking no part in a decision, for good."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.members.models import Role
from catalog.pages.proposals.finding import proposal_for
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.forms import ReasonForm
from catalog.review.recusing import recuse_oneself
from catalog.review.voices import is_recused
from provenance.actors import Actor
from provenance.errors import Conflict, NotPermitted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say the consequence, ask why, and keep it."""
    actor, proposal = proposal_for(request, key)
    _require_say(actor)
    if is_recused(actor, proposal):
        raise Conflict(_("You take no part in this decision already."), code="recused")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        recuse_oneself(actor=actor, proposal=proposal, reason=form.cleaned_data["reason"])
        messages.success(request, _("You take no part in this decision. Somebody else is asked."))
        return redirect(proposal)
    context = {"form": form, "proposal": proposal, "titles": titles_of(proposal)}
    return render(request, "pages/review/recuse.html", context, status=422 if form.errors else 200)


def _require_say(actor: Actor) -> None:
    if not (actor.has_role(Role.MAINTAINER) or actor.has_role(Role.COMMUNITY)):
        raise NotPermitted(
            _("Only who reviews can step back from a review."), code="not-a-maintainer", requirement="INV-7"
        )
