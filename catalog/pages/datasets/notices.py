"""`/datasets/<slug>/notices/new/`: what should readers know before they start with this entry?"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.datasets.models import Dataset, DatasetVersion
from catalog.lifecycle.models import NoticeKind
from catalog.lifecycle.notices import deprecate, reinstate, supersede
from catalog.lifecycle.standing import standings_of
from catalog.members.actors import actor_of
from catalog.members.models import Role
from catalog.pages.datasets.finding import visible_entry, visible_versions
from catalog.pages.datasets.notice_form import NoticeForm
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotPermitted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Deprecate, supersede or reinstate an entry or one of its versions. What was typed is kept."""
    actor = actor_of(request.user)
    dataset = visible_entry(actor, slug)
    if not actor.has_role(Role.STEWARD, member=dataset.member.slug):
        raise NotPermitted(_("Only a data steward of its member posts a notice."), code="not-a-steward")
    versions = visible_versions(actor, dataset)
    standings = standings_of(actor, [dataset])
    form = NoticeForm(request.POST or None, versions=versions, anything_stands=bool(standings))
    if request.method == "POST" and form.is_valid():
        try:
            _post(actor, dataset, versions, form.cleaned_data)
        except Invalid as refusal:
            form.take_over(refusal.fields or {"": [refusal.message]})
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Posted. Readers see it from now on, and the log keeps it."))
            return redirect(dataset)
    context = {"dataset": dataset, "form": form, "standing": standings.get((dataset.pk, None))}
    return render(request, "pages/datasets/notice.html", context, status=422 if form.errors else 200)


def _post(actor: Actor, dataset: Dataset, versions: list[DatasetVersion], given: dict[str, Any]) -> None:
    version = next((each for each in versions if str(each.number) == given["version"]), None)
    reason = given["reason"]
    if given["kind"] == NoticeKind.DEPRECATED:
        deprecate(actor=actor, dataset=dataset, reason=reason, version=version)
    elif given["kind"] == NoticeKind.REINSTATED:
        reinstate(actor=actor, dataset=dataset, reason=reason, version=version)
    elif version is not None:
        message = _("An entry takes the place of an entry: choose “the whole entry”.")
        raise Invalid(message, fields={"version": [message]})
    else:
        supersede(actor=actor, dataset=dataset, successor=_successor(given["successor"]), reason=reason)


def _successor(slug: str) -> Dataset:
    """Return the entry by its slug; whether the actor may discover it is for the service to say."""
    found = Dataset.objects.filter(slug=slug).first()
    return found or Dataset(slug=slug)
