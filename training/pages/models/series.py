"""`/series/<slug>/`: which sizes are there of one model, and which can teach which?"""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from provenance.errors import DomainError
from training.families.models import ModelFamily, ModelSeries
from training.families.series import found_series, join_series
from training.pages.models.forms import FoundSeriesForm, JoinSeriesForm
from training.pages.models.sizes import sizes_of
from training.pages.replies import put_into


@require_safe
def show_series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show its families side by side, the largest first."""
    series = get_object_or_404(ModelSeries, slug=slug)
    actor = actor_of(request.user)
    languages, sizes = sizes_of(series, actor)
    context = {
        "series": series,
        "languages": languages,
        "sizes": sizes,
        "is_maintainer": actor.has_role(Role.MAINTAINER),
    }
    return render(request, "training/models/series.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found_new_series(request: HttpRequest) -> HttpResponse:
    """Ask for its name and its first family, then found it."""
    actor = actor_of(request.user)
    allowed = actor.has_role(Role.MAINTAINER)
    form = FoundSeriesForm(request.POST if allowed and request.method == "POST" else None)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = form.cleaned_data
            try:
                series = found_series(actor, said["slug"], said["name"], said["family"])
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The series has its first family."))
                return redirect("series", slug=series.slug)
    context = {"form": form, "allowed": allowed, "series": None}
    return render(request, "training/models/series_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_one_series(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask which family joins; only those of the same tokenizer are offered."""
    series = get_object_or_404(ModelSeries, slug=slug)
    actor = actor_of(request.user)
    allowed = actor.has_role(Role.MAINTAINER)
    form = JoinSeriesForm(request.POST if allowed and request.method == "POST" else None, series=series)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            family: ModelFamily = form.cleaned_data["family"]
            try:
                join_series(actor, family, series)
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The family joined the series."))
                return redirect("series", slug=series.slug)
    context = {"form": form, "allowed": allowed, "series": series}
    return render(request, "training/models/series_form.html", context, status=status)
