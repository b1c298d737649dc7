"""`/datasets/<slug>/withdraw/`: close an entry, knowing what that stops and what it can not undo (DM:17)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.datasets.models import Dataset
from catalog.datasets.services import withdraw_dataset
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.datasets.descent import descent_of
from catalog.pages.proposals.forms.decisions import WithdrawForm
from provenance.errors import NotPermitted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_entry(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was made of the entry, then ask for the reason."""
    actor = actor_of(request.user)
    dataset = Dataset.objects.visible_to(actor).select_related("member").filter(slug=slug).first()
    if dataset is None:
        raise Http404
    if not actor.has_role(Role.STEWARD, member=dataset.member.slug):
        raise NotPermitted(
            _("Only a data steward of its member withdraws a dataset."),
            code="not-a-steward",
            requirement="DM:17",
        )
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_dataset(actor=actor, dataset=dataset, reason=form.cleaned_data["reason"])
        messages.success(
            request, _("Withdrawn. From now on nothing new is downloaded from it or trained on it.")
        )
        return redirect(dataset)
    users = descent_of(dataset.newest, actor, depth=6).users
    context = {"form": form, "dataset": dataset, "users": users}
    return render(request, "pages/datasets/withdraw.html", context, status=422 if form.errors else 200)
