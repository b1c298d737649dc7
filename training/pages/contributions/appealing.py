"""`/contributions/<digest>/appeal/`: was the decision wrong, and who says so?"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catalog.members.actors import actor_of
from catalog.members.models import Member
from catalog.pages.review.forms import AppealForm
from catalog.review.states import AppealState
from provenance.actors import Actor
from provenance.errors import DomainError
from training.contributions.access import answers_for
from training.contributions.appealing import APPEALABLE
from training.contributions.judges import entitled_to_judge, judges_left, spoke_for_decision, voices_wanted
from training.contributions.models import Contribution
from training.contributions.review_models import ContributionAppeal
from training.contributions.services import appeal_decision, speak_on_appeal, withdraw_appeal
from training.pages.contributions.finding import contribution_of
from training.pages.contributions.forms import AppealVoiceForm
from training.pages.replies import put_into, tell_refusal
from training.pages.voices import voices_of


@require_http_methods(["GET", "HEAD", "POST"])
def show_appeal(request: HttpRequest, digest: str) -> HttpResponse:
    """Show what was appealed and what members say to it; the contributing member makes an appeal here."""
    contribution, actor = contribution_of(digest), actor_of(request.user)
    if request.method != "POST":
        return _page(request, actor, contribution)
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal_decision(actor, contribution, form.cleaned_data["grounds"])
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(
                request, _("Your appeal is made. Members that had no part in the decision speak.")
            )
            return redirect("contribution-appeal", digest)
    return _page(request, actor, contribution, making=form)


@login_required
@require_POST
def speak(request: HttpRequest, digest: str) -> HttpResponse:
    """Say one member's word on the open appeal."""
    contribution, actor = contribution_of(digest), actor_of(request.user)
    held = _open(_appeals_on(contribution))
    form = AppealVoiceForm(request.POST, voices=voices_of(actor))
    if form.is_valid():
        said = form.cleaned_data
        try:
            speak_on_appeal(actor, held, upholds=said["upholds"], note=said["note"], member=form.speaker)
        except DomainError as error:
            put_into(form, error)
        else:
            messages.success(request, _("Your word is in the log."))
            return redirect("contribution-appeal", digest)
    return _page(request, actor, contribution, speaking=form)


@login_required
@require_POST
def withdraw(request: HttpRequest, digest: str) -> HttpResponse:
    """Take the open appeal back."""
    contribution = contribution_of(digest)
    held = _open(_appeals_on(contribution))
    try:
        withdraw_appeal(actor_of(request.user), held)
    except DomainError as error:
        tell_refusal(request, error)
    else:
        messages.success(request, _("The appeal is taken back. The decision stands."))
    return redirect("contribution-appeal", digest)


def may_appeal(actor: Actor, contribution: Contribution, appeals: Sequence[ContributionAppeal]) -> bool:
    """Tell whether the actor may appeal against the decision that stands."""
    made = any(each.turn == contribution.turn for each in appeals)
    return contribution.state in APPEALABLE and not made and answers_for(actor, contribution)


def _page(
    request: HttpRequest,
    actor: Actor,
    contribution: Contribution,
    *,
    making: AppealForm | None = None,
    speaking: AppealVoiceForm | None = None,
) -> HttpResponse:
    refused = making or speaking
    appeals = _appeals_on(contribution)
    held = next((each for each in appeals if each.state == AppealState.OPEN), None)
    if making is None and may_appeal(actor, contribution, appeals):
        making = AppealForm()
    if speaking is None and held is not None and (voices := _voices_for(actor, held)):
        speaking = AppealVoiceForm(voices=voices)
    context: dict[str, Any] = {
        "contribution": contribution,
        "appeals": appeals,
        "held": held,
        "decisions": _words_for(held) if held else [],
        "left": judges_left(held) if held else [],
        "wanted": voices_wanted(held) if held else 0,
        "making": making,
        "speaking": speaking,
        "refused": refused,
        "withdraws": held is not None and answers_for(actor, contribution),
    }
    status = HTTPStatus.OK if refused is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "training/contributions/appeal.html", context, status=status)


def _appeals_on(contribution: Contribution) -> list[ContributionAppeal]:
    found = contribution.appeals.select_related("made_by", "member", "contribution__round")
    return list(found.prefetch_related("voices__member", "voices__maintainer").order_by("-created_at"))


def _open(appeals: Sequence[ContributionAppeal]) -> ContributionAppeal:
    for each in appeals:
        if each.state == AppealState.OPEN:
            return each
    raise Http404


def _voices_for(actor: Actor, held: ContributionAppeal) -> list[Member]:
    """Return the members for which the actor may still speak on an appeal."""
    spoken = list(held.voices.all())
    if any(voice.maintainer_id == actor.key for voice in spoken):
        return []
    heard = {voice.member_id for voice in spoken}
    may = set(entitled_to_judge(held).filter(user=actor.key).values_list("member", flat=True))
    return [member for member in voices_of(actor) if member.pk in may - heard]


def _words_for(held: ContributionAppeal) -> list[Any]:
    """Return the words that the decision rests on, newest first."""
    return list(spoke_for_decision(held).select_related("member", "maintainer").order_by("-id"))
