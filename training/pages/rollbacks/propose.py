"""`/rollbacks/propose/`: what would it mean to take these contributions out, and is it to be voted on?"""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from provenance.actors import Actor
from provenance.errors import DomainError
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.pages.replies import put_into
from training.pages.rollbacks.levels import outlooks
from training.pages.voices import VoiceForm
from training.rollbacks.models import Level, Rollback
from training.rollbacks.proposing import may_propose, propose_rollback
from training.rollbacks.reasons import Reason

MOST = 200
LEVELS = [
    (Level.REPLAY.value, _("Level 1: replay without it")),
    (Level.DESCENDANTS.value, _("Level 2: also leave out what was trained from a base that held it")),
]


class ProposalForm(VoiceForm):
    """What is proposed, why, and that its limits were read."""

    level = forms.TypedChoiceField(label=_("How far"), choices=LEVELS, coerce=int, widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(label=_("Reason"), choices=Reason.choices, widget=forms.RadioSelect)
    grounds = forms.CharField(
        label=_("What the members should know"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Read by people of the consortium. Name no person here."),
    )
    confirmed = forms.BooleanField(label=_("I have read what this does, and what it does not undo."))
    field_order = ("member", "level", "reason_code", "grounds", "confirmed")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Show both levels for the contributions that the address names, and take the proposal."""
    actor = actor_of(request.user)
    named = _named(request)
    allowed = bool(named) and may_propose(actor, named)
    form = _form(request, actor, named) if allowed else None
    status = HTTPStatus.OK if allowed or not named else HTTPStatus.FORBIDDEN
    if form is not None and form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return redirect(_propose(actor, named, form))
            except DomainError as error:
                put_into(form, error)
    context = {
        "named": named,
        "family": named[0].round.family if named else None,
        "form": form,
        "allowed": allowed,
        "outlooks": _outlooks(named, actor) if allowed else [],
    }
    return render(request, "training/rollbacks/propose.html", context, status=status)


def _named(request: HttpRequest) -> list[Contribution]:
    """Return the merged contributions that the address names, of the first one's family, in one order."""
    asked = request.GET.getlist("contribution")[:MOST]
    rows = Contribution.objects.filter(digest__in=asked, state=ContributionState.MERGED)
    found = rows.select_related("round__family__head__family", "job__node__member", "job__round__base")
    told = list(found.order_by("round__family", "round__number", "digest"))
    return [each for each in told if each.round.family_id == told[0].round.family_id]


def _form(request: HttpRequest, actor: Actor, named: list[Contribution]) -> ProposalForm:
    slugs = {each.job.node.member.slug for each in named} & actor.members_with(Role.STEWARD)
    slugs |= actor.members_with(Role.MAINTAINER)
    voices = list(Member.objects.filter(slug__in=slugs).order_by("name"))
    sent: Any = request.POST if request.method == "POST" else None
    return ProposalForm(sent, voices=voices, initial={"level": Level.REPLAY.value})


def _outlooks(named: list[Contribution], actor: Actor) -> Any:
    head = named[0].round.family.head
    return outlooks(head, named, actor) if head else []


def _propose(actor: Actor, named: list[Contribution], form: ProposalForm) -> Rollback:
    said = form.cleaned_data
    return propose_rollback(
        actor,
        named[0].round.family,
        named,
        level=Level(said["level"]),
        reason_code=said["reason_code"],
        grounds=said["grounds"],
        member=form.speaker,
    )
