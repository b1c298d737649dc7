"""`/datasets/<slug>/access/`: what may I do without asking, and how do I ask for more?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.access.finding import newest_visible
from catalog.access.models import AccessRequest
from catalog.access.services import request_access
from catalog.access.wording import why_not
from catalog.datasets.models import Dataset, DatasetVersion
from catalog.design.terms import label_of
from catalog.members.actors import actor_of
from catalog.members.models import Member
from catalog.pages.access.forms import AskForm
from catalog.policy import Operation, decide
from catalog.tiers import RULES, Purpose, Tier
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotPermitted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_access(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is permitted anyway, then the form. Who can be granted nothing here is told why."""
    actor = actor_of(request.user)
    dataset = Dataset.objects.visible_to(actor).select_related("member").filter(slug=slug).first()
    if dataset is None:
        raise Http404
    version = newest_visible(actor, dataset)
    form = AskForm(request.POST if request.method == "POST" else None, askers=_askers(actor, version))
    if form.is_valid():
        try:
            asked = _ask(actor, dataset, form)
        except Invalid as refusal:
            form.take_over(refusal.fields or {"": [refusal.message]})
        except Conflict as refusal:
            form.take_over({"": [refusal.message]})
        else:
            messages.success(request, _("Asked. The stewards of the owner are told, and decide."))
            return redirect(asked)
    context = {
        "form": form,
        "dataset": dataset,
        "tier": version.tier,
        "rules": RULES[Tier(version.tier)],
        "stages": [label_of("stage", code) for code in version.record.get("permitted_stages", [])],
        "earlier": AccessRequest.objects.visible_to(actor)
        .filter(dataset=dataset, member__slug__in=sorted(actor.members))
        .select_related("member")[:10],
    }
    return render(request, "pages/access/ask.html", context, status=422 if form.errors else 200)


def may_ask(actor: Actor, version: DatasetVersion) -> bool:
    """Tell whether one of the actor's members could ask for access; no query."""
    return any(_reasons(actor, version, slug) == () for slug in actor.members)


def _askers(actor: Actor, version: DatasetVersion) -> list[Member]:
    """Return the actor's members that may ask; NotPermitted with the first reason when none may."""
    answers = {slug: _reasons(actor, version, slug) for slug in sorted(actor.members) or [""]}
    able = [slug for slug, reasons in answers.items() if not reasons]
    if not able:
        code = next(iter(answers.values()))[0]
        raise NotPermitted(why_not(code), code=code, requirement="DM:9")
    return list(Member.objects.filter(slug__in=able).order_by("name"))


def _reasons(actor: Actor, version: DatasetVersion, member: str) -> tuple[str, ...]:
    return decide(
        actor=actor,
        operation=Operation.REQUEST_ACCESS,
        version_or_facts=version,
        purpose=Purpose.SOVEREIGN_BUILD,
        party=member,
    ).reason_codes


def _ask(actor: Actor, dataset: Dataset, form: AskForm) -> AccessRequest:
    given = form.cleaned_data
    return request_access(
        actor=actor,
        dataset=dataset,
        member=Member.objects.get(slug=given["member"]),
        purpose=Purpose(given["purpose"]),
        project=given["project"],
        scope=given["scope"],
        days=given["days"],
    )
