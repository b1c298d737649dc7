"""Taking a motion back: asked once more, with the consequence."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.governance.services import withdraw_motion
from catalog.members.actors import actor_of
from catalog.pages.governance.show import may_withdraw, motion_for
from catalog.pages.governance.wording import names_in, title_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask, then end the motion; who may not, and what is over, is refused by the service."""
    motion, actor = motion_for(key), actor_of(request.user)
    if request.method == "POST":
        withdraw_motion(actor=actor, motion=motion)
        messages.success(request, _("Taken back. Its ballots stay in the log."))
        return redirect(motion)
    if not may_withdraw(actor, motion):
        return redirect(motion)
    context = {"motion": motion, "title": title_of(motion, names_in(actor, [motion]))}
    return render(request, "pages/governance/withdraw.html", context)
