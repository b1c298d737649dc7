"""A maintainer opens a round, or ends one before its time."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Role
from provenance.errors import DomainError
from training.pages.replies import put_into
from training.pages.rounds.forms import AbandonForm, OpenRoundForm
from training.rounds.models import Round
from training.rounds.services import abandon_round, open_round
from training.voices import voices_besides


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_new_round(request: HttpRequest) -> HttpResponse:
    """Ask for the plan and open the round; a refusal stands in the form with everything that was entered."""
    actor = actor_of(request.user)
    allowed = actor.has_role(Role.MAINTAINER)
    # A series offers a small family a large one as its teacher; what is unknown the form passes over.
    asked = {name: request.GET[name] for name in ("family", "teacher") if name in request.GET}
    form = OpenRoundForm(request.POST if allowed and request.method == "POST" else None, initial=asked)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = form.cleaned_data
            try:
                round_ = open_round(
                    actor,
                    said["family"],
                    form.plan,
                    quorum=said["quorum"],
                    deadline=form.deadline,
                    minimum_contributions=said["minimum_contributions"],
                    mode=said["mode"],
                    most_stale=said["most_stale"],
                )
            except DomainError as error:
                put_into(form, error)
            else:
                return redirect(round_)
    context = {"form": form, "allowed": allowed, "voices": voices_besides() if allowed else []}
    return render(request, "training/rounds/new.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: HttpRequest, round_id: int) -> HttpResponse:
    """Ask for the cause, then end the round without a next base."""
    round_ = get_object_or_404(Round.objects.select_related("family", "base__family"), pk=round_id)
    actor = actor_of(request.user)
    allowed = actor.has_role(Role.MAINTAINER)
    form = AbandonForm(request.POST if allowed and request.method == "POST" else None)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                abandon_round(actor, round_, form.cleaned_data["cause"])
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The round was abandoned; its jobs are called off."))
                return redirect(round_)
    context = {"round": round_, "form": form, "allowed": allowed}
    return render(request, "training/rounds/abandon.html", context, status=status)
