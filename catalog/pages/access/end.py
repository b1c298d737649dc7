"""Revoking a grant and giving one back: asked once more, with the consequence."""

import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.access.finding import require_asker, require_owner
from catalog.access.models import AccessRequest
from catalog.access.services import revoke_access, withdraw_request
from catalog.access.states import TRANSITIONS, AccessState
from catalog.pages.access.forms import EndForm
from catalog.pages.access.show import request_for
from provenance.errors import Conflict


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask the owner why, then take the grant away."""
    actor, found = request_for(request, key)
    require_owner(actor, found)
    _refuse_unless(found, AccessState.REVOKED, _("There is no grant to revoke."))
    said = _("Revoked. It counts for nothing from the next byte on.")
    return _ask_why(request, found, partial(revoke_access, actor=actor, request=found), said, by_owner=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask the asking member why, then take the request back or give the grant back."""
    actor, found = request_for(request, key)
    require_asker(actor, found)
    _refuse_unless(found, AccessState.WITHDRAWN, _("There is nothing left to take back."))
    said = _("Taken back. What was said of it stays in the log of both members.")
    return _ask_why(
        request, found, partial(withdraw_request, actor=actor, request=found), said, by_owner=False
    )


def _refuse_unless(found: AccessRequest, to: AccessState, message: str) -> None:
    """Refuse before anybody writes a reason for nothing.

    Raises:
        Conflict: code ``state-changed``.
    """
    if to not in TRANSITIONS[found.state]:
        state = _("The request is %(state)s.") % {"state": found.get_state_display()}
        raise Conflict(
            f"{message} {state}", code="state-changed", remedy=_("Its page says what can be done now.")
        )


def _ask_why(
    request: HttpRequest, found: AccessRequest, end: Callable[..., object], said: str, *, by_owner: bool
) -> HttpResponse:
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        end(note=form.cleaned_data["note"])
        messages.success(request, said)
        return redirect(found)
    context = {"form": form, "asked": found, "by_owner": by_owner}
    return render(request, "pages/access/end.html", context, status=422 if form.errors else 200)
