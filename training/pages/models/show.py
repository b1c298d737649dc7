"""`/models/` and `/models/<digest>/`: with what may a family begin, and how do the candidates compare?"""

import json
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalog.members.actors import actor_of
from catalog.members.models import Role
from provenance.errors import DomainError
from training.families.models import ImportedModel, ModelSeries, Scorecard
from training.families.services import found_family_from
from training.merge import ArchitectureConfig
from training.pages.models.cards import columns_of, rows_of
from training.pages.models.forms import FoundFamilyForm
from training.pages.replies import put_into

PAGE: Final = 30
CARDS: Final = 5  # scorecards on the list's first page


@require_safe
def browse_models(request: HttpRequest) -> HttpResponse:
    """List the imported models, newest first, after the series and the newest scorecards."""
    models = ImportedModel.objects.prefetch_related("families")
    page = Paginator(models, PAGE).get_page(request.GET.get("page"))
    cards = Scorecard.objects.prefetch_related("candidates")[:CARDS] if page.number == 1 else []
    context = {
        "page": page,
        "series": ModelSeries.objects.prefetch_related("families") if page.number == 1 else [],
        "may_found": actor_of(request.user).has_role(Role.MAINTAINER),
        "cards": [(card, columns_of(card), rows_of(card)) for card in cards],
    }
    return render(request, "training/models/browse.html", context)


@require_safe
def show_model(request: HttpRequest, digest: str) -> HttpResponse:
    """Show where a model is from, what was read of it, and which families began with it."""
    model = get_object_or_404(ImportedModel.objects.prefetch_related("families"), digest=digest)
    cards = model.scorecards.prefetch_related("candidates")
    context = {
        "model": model,
        "parameters": ArchitectureConfig.model_validate(model.architecture).parameters(),
        "files": model.document["files"],
        "cards": [(card, columns_of(card), rows_of(card)) for card in cards],
        "document": json.dumps(model.document, indent=2, sort_keys=True, ensure_ascii=False),
        "may_found": actor_of(request.user).has_role(Role.MAINTAINER),
    }
    return render(request, "training/models/model.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def found_family(request: HttpRequest, digest: str) -> HttpResponse:
    """Ask for the name, then begin a family; a refusal stands in the form with all that was entered."""
    model = get_object_or_404(ImportedModel, digest=digest)
    actor = actor_of(request.user)
    allowed = actor.has_role(Role.MAINTAINER)
    form = FoundFamilyForm(request.POST if allowed and request.method == "POST" else None, model=model)
    status = HTTPStatus.OK if allowed else HTTPStatus.FORBIDDEN
    if allowed and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                family = found_family_from(actor, form.cleaned_data["slug"], form.cleaned_data["name"], model)
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("The family has its base 0."))
                return redirect(family.checkpoints.get())
    context = {"model": model, "form": form, "allowed": allowed}
    return render(request, "training/models/found.html", context, status=status)
