"""`/proposals/new/`: begin a proposal, or the next version of an entry."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.datasets.models import Dataset
from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from catalog.pages.proposals.forms.decisions import StartForm
from catalog.proposals.services import start_proposal
from provenance.actors import Actor
from provenance.errors import NotPermitted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Say what a proposal takes; the button makes the draft."""
    actor = actor_of(request.user)
    stewarded = actor.members_with(Role.STEWARD)
    if not stewarded:
        raise NotPermitted(
            _("Only a data steward proposes datasets."),
            code="not-a-steward",
            remedy=_("Ask the steward of your member; the member’s page names the people."),
        )
    dataset = _next_version_of(actor, request.GET.get("dataset", ""))
    slugs = {dataset.member.slug} if dataset else stewarded
    members = list(Member.objects.filter(slug__in=sorted(slugs)))
    initial = {"member": members[0].slug} if len(members) == 1 else {}
    form = StartForm(request.POST or None, slugs=slugs, initial=initial)
    if request.method == "POST" and form.is_valid():
        proposal = start_proposal(actor=actor, member=form.cleaned_data["member"], dataset=dataset)
        messages.success(request, _("Your draft is started. It is saved on every step."))
        return redirect("proposal-step", proposal.pk, "tier")
    context = {"form": form, "members": members, "dataset": dataset}
    return render(request, "pages/proposals/start.html", context)


def _next_version_of(actor: Actor, slug: str) -> Dataset | None:
    """Return the actor's own entry that gets a next version; None when a new entry is meant."""
    if not slug:
        return None
    own = Dataset.objects.visible_to(actor).filter(member__slug__in=sorted(actor.members_with(Role.STEWARD)))
    dataset = own.select_related("member").filter(slug=slug.replace("\x00", "")).first()
    if dataset is None:
        raise Http404
    return dataset
