"""`/proposals/<id>/appeal/`: was the decision wrong, and who says so?"""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.interchange.disclosure import is_withheld
from catalog.members.models import Member, Role
from catalog.pages.proposals.finding import proposal_for
from catalog.pages.proposals.titles import titles_of
from catalog.pages.review.forms import AppealForm, VoiceForm
from catalog.pages.review.spoken import spoken_on
from catalog.proposals.access import require_steward
from catalog.proposals.models import Proposal
from catalog.review.appealing import APPEALABLE, appeal, speak_on_appeal, withdraw_appeal
from catalog.review.judges import entitled_to_judge, judges_left, voices_wanted
from catalog.review.models import Appeal
from catalog.review.states import AppealState
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_appeal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what was appealed and what members say to it; a steward makes an appeal here."""
    actor, proposal = proposal_for(request, key)
    if request.method != "POST":
        return _page(request, actor, proposal)
    require_steward(actor, proposal.member)
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal(actor=actor, proposal=proposal, grounds=form.cleaned_data["grounds"])
        except (Invalid, Conflict) as refusal:
            form.add_error("grounds", refusal.message)
        else:
            messages.success(
                request, _("Your appeal is made. Members that had no part in the decision speak.")
            )
            return redirect("proposal-appeal", proposal.pk)
    return _page(request, actor, proposal, making=form)


@login_required
@require_POST
def speak(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say one member's word on the open appeal."""
    actor, proposal = proposal_for(request, key)
    held = _open_appeal(actor, proposal)
    form = VoiceForm(request.POST, voices=_maintained(actor))
    if form.is_valid():
        try:
            _speak(actor, held, form)
        except (Invalid, Conflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your word is in the log."))
            return redirect("proposal-appeal", proposal.pk)
    return _page(request, actor, proposal, speaking=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once more, with the consequence, then take the appeal back."""
    actor, proposal = proposal_for(request, key)
    require_steward(actor, proposal.member)
    held = _open_appeal(actor, proposal)
    if request.method == "POST":
        withdraw_appeal(actor=actor, appeal=held)
        messages.success(request, _("The appeal is taken back. The decision stands."))
        return redirect(proposal)
    context = {"proposal": proposal, "titles": titles_of(proposal), "appeal": held}
    return render(request, "pages/review/withdraw_appeal.html", context)


def may_appeal(actor: Actor, proposal: Proposal) -> bool:
    """Tell whether the actor may appeal against the decision that stands."""
    return (
        proposal.state in APPEALABLE
        and actor.has_role(Role.STEWARD, member=proposal.member.slug)
        and not Appeal.objects.filter(proposal=proposal, revision=proposal.revision).exists()
    )


def voices_for(actor: Actor, held: Appeal) -> list[Member]:
    """Return the members for which the actor may still speak on an appeal."""
    if not actor.has_role(Role.MAINTAINER) or held.voices.filter(reviewer=actor.key).exists():
        return []
    own = entitled_to_judge(held).filter(user=actor.key).values("member")
    return list(_maintained(actor).filter(pk__in=own).exclude(pk__in=held.voices.values("member")))


def _page(
    request: HttpRequest,
    actor: Actor,
    proposal: Proposal,
    *,
    making: AppealForm | None = None,
    speaking: VoiceForm | None = None,
) -> HttpResponse:
    appeals = [] if is_withheld(actor, proposal) else _appeals_on(proposal)
    held = next((each for each in appeals if each.state == AppealState.OPEN), None)
    if making is None and may_appeal(actor, proposal):
        making = AppealForm()
    if speaking is None and held is not None and (voices := voices_for(actor, held)):
        speaking = VoiceForm(voices=voices)
    refused = any(form is not None and form.errors for form in (making, speaking))
    context: dict[str, Any] = {
        "proposal": proposal,
        "titles": titles_of(proposal),
        "appeals": appeals,
        "words": spoken_on(actor, proposal) if held or making else [],
        "held": held,
        "left": judges_left(held) if held else [],
        "wanted": voices_wanted(held) if held else 0,
        "making": making,
        "speaking": speaking,
        "withdraws": held is not None and actor.has_role(Role.STEWARD, member=proposal.member.slug),
    }
    return render(request, "pages/review/appeal.html", context, status=422 if refused else 200)


def _appeals_on(proposal: Proposal) -> list[Appeal]:
    found = proposal.appeals.select_related("made_by", "member", "proposal")
    return list(found.prefetch_related("voices__member", "voices__reviewer").order_by("-created_at"))


def _open_appeal(actor: Actor, proposal: Proposal) -> Appeal:
    appeals = [] if is_withheld(actor, proposal) else _appeals_on(proposal)
    held = next((each for each in appeals if each.state == AppealState.OPEN), None)
    if held is None:
        raise Http404
    return held


def _maintained(actor: Actor) -> QuerySet[Member]:
    return Member.objects.filter(slug__in=sorted(actor.members_with(Role.MAINTAINER))).order_by("name")


def _speak(actor: Actor, held: Appeal, form: VoiceForm) -> None:
    given = form.cleaned_data
    speak_on_appeal(
        actor=actor,
        appeal=held,
        upholds=given["upholds"],
        note=given["note"],
        member=Member.objects.get(slug=given["member"]),
    )
