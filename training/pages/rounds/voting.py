"""`/rounds/<id>/vote/`: nodes are missing after the deadline. Who, why, and what do the members say?"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalog.members.actors import actor_of
from catalog.members.models import Member, Role
from provenance.actors import Actor
from provenance.errors import DomainError
from training.pages.replies import put_into
from training.pages.rounds.waiting import MissingRow, rows_of
from training.pages.voices import VoiceForm, voices_of
from training.rounds.ballots import Ballot, ballot_of
from training.rounds.models import Round, StragglerChoice
from training.rounds.stragglers import longest_wait, vote_on_stragglers

MOST_CHARACTERS: Final = 500
CHOICES: Final = [
    (
        StragglerChoice.GO_ON,
        gettext_lazy("Go on without them: their jobs end, and what came in is decided on"),
    ),
    (StragglerChoice.WAIT, gettext_lazy("Wait longer: the deadline moves, and after it we vote again")),
    (StragglerChoice.ABANDON, gettext_lazy("Abandon the round: no base is made of it")),
]


class StragglerForm(VoiceForm):
    """One member's word about the nodes that are missing."""

    choice = forms.ChoiceField(
        label=gettext_lazy("What should happen?"), choices=CHOICES, widget=forms.RadioSelect
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours to wait"),
        min_value=1,
        required=False,
        help_text=gettext_lazy(
            "Only for waiting. Of those who agree to wait, the one who named the fewest hours sets the time."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Every member reads it. Name no person here."),
    )
    field_order = ("member", "choice", "hours", "note")

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.fields["hours"].widget.attrs["max"] = most

    def clean(self) -> dict[str, Any]:
        """Waiting has a number of hours, and nothing else has one."""
        said = super().clean() or {}
        hours = said.get("hours") or 0
        if said.get("choice") == StragglerChoice.WAIT:
            if not 1 <= hours <= self.most and "hours" not in self.errors:
                self.add_error("hours", _("From 1 to %(most)s hours.") % {"most": self.most})
        else:
            said["hours"] = 0
        return said


@dataclass(frozen=True, slots=True)
class BallotPanel:
    """An open vote as one reader meets it: with a form, or with the reason why there is none.

    Notes are for the consortium, ``inside``; who voted what is public.
    """

    ballot: Ballot
    missing: list[MissingRow]
    inside: bool
    form: StragglerForm | None = None
    reason: str | Promise = ""


def panel_for(round_: Round, actor: Actor, sent: Any = None) -> BallotPanel | None:
    """Return the open vote for this reader; None where none is open. The service has the last word."""
    ballot = ballot_of(round_)
    if ballot is None:
        return None
    missing, inside = rows_of(ballot.missing), bool(actor.members)
    reason = _why_not(actor, ballot)
    if reason:
        return BallotPanel(ballot, missing, inside, reason=reason)
    form = StragglerForm(sent, voices=_voices(actor, ballot), most=longest_wait(round_))
    return BallotPanel(ballot, missing, inside, form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show who is missing and what was said, and take one member's word."""
    round_ = get_object_or_404(Round.objects.select_related("family", "base__family"), pk=round_id)
    actor = actor_of(request.user)
    panel = panel_for(round_, actor, request.POST if request.method == "POST" else None)
    form = panel.form if panel else None
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.FORBIDDEN
        if form is not None and form.is_valid():
            try:
                _say(actor, round_, form)
            except DomainError as error:
                put_into(form, error)
            else:
                messages.success(request, _("Your member’s word is in the log."))
                return redirect(round_)
    context = {"round": round_, "panel": panel, "form": form}
    return render(request, "training/rounds/vote.html", context, status=status)


def _say(actor: Actor, round_: Round, form: StragglerForm) -> None:
    said = form.cleaned_data
    choice = StragglerChoice(said["choice"])
    vote_on_stragglers(
        actor, round_, choice, hours=said["hours"] or 0, note=said["note"], member=form.speaker
    )


def _voices(actor: Actor, ballot: Ballot) -> list[Member]:
    left = {member.pk for member in ballot.voices}
    return [member for member in voices_of(actor) if member.pk in left]


def _why_not(actor: Actor, ballot: Ballot) -> str | Promise:
    """Say why this reader has no word here; nothing where they have one."""
    if not actor.has_role(Role.MAINTAINER):
        return _("Maintainers vote, each for their own member.")
    concerned = {each.job.node.member.slug for each in ballot.missing}
    if concerned & actor.members and not ballot.all_may_vote:
        return _("A node of your member is missing: the others decide.")
    spoken = any(each.maintainer_id == actor.key for each in ballot.votes)
    if spoken or not {member.slug for member in ballot.voices} & actor.members_with(Role.MAINTAINER):
        return _("You, or somebody of your member, spoke in this vote already; a member has one word.")
    return ""
