"""A model is registered, or retired: the forms, for stewards and maintainers of its member."""

import uuid
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Member
from provenance.actors import Actor
from provenance.errors import DomainError
from training.derivatives.models import DerivativeState
from training.derivatives.registering import members_that_register, register_derivative
from training.derivatives.retiring import retire_derivative
from training.nodes.models import BuildReport
from training.pages.derivatives.forms import RegisterForm, RetireForm
from training.pages.derivatives.show import find_derivative
from training.pages.replies import put_into

STAGE_OF: Final = {"private-cpt": "cpt", "private-sft": "sft", "private-dpo": "preference"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for the card and register the model; a refusal stands in the form with all that was entered."""
    actor = actor_of(request.user)
    members = list(Member.objects.filter(slug__in=members_that_register(actor)).order_by("name"))
    form = RegisterForm(
        request.POST if members and request.method == "POST" else None,
        actor=actor,
        members=members,
        initial=_known_before(actor, request),
    )
    status = HTTPStatus.OK if members else HTTPStatus.FORBIDDEN
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = form.cleaned_data
            member = next(each for each in members if each.slug == said["member"])
            try:
                made = register_derivative(
                    actor, member, said["base"], form.description, versions=said["versions"]
                )
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The model is registered."))
                return redirect(made)
    context = {"form": form, "allowed": bool(members)}
    return render(request, "training/derivatives/register.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the cause, then retire the model."""
    actor = actor_of(request.user)
    derivative = find_derivative(actor, slug)
    allowed = derivative.member.slug in members_that_register(actor)
    open_ = derivative.state == DerivativeState.REGISTERED
    form = RetireForm(request.POST if allowed and request.method == "POST" else None)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                retire_derivative(actor, derivative, cause=form.cleaned_data["cause"])
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The model is retired. The cause is in the log."))
                return redirect(derivative)
    context = {"derivative": derivative, "form": form, "allowed": allowed, "open": open_}
    return render(request, "training/derivatives/retire.html", context, status=status)


def _known_before(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """What the address names: a base, or a build that a node of one's own member told of."""
    initial: dict[str, Any] = {"base": request.GET.get("base", "")}
    try:
        key = uuid.UUID(request.GET.get("build", ""))
    except ValueError:
        return initial
    told = BuildReport.objects.filter(key=key, node__member__slug__in=members_that_register(actor))
    report = told.select_related("base").first()
    if report is not None:
        initial["base"] = report.base.digest if report.base else initial["base"]
        initial["stages"] = [STAGE_OF[report.kind]] if report.kind in STAGE_OF else []
    return initial
