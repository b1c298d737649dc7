"""A rollback's vote as one reader meets it, and the other turns that they may take."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.members.models import Role
from catalog.pages.proposals.forms.base import CatalogForm
from provenance.actors import Actor
from training.pages.voices import VoiceForm, voices_of
from training.rollbacks.finishing import OUTCOMES
from training.rollbacks.models import Rollback
from training.rollbacks.proposing import may_take_back
from training.rollbacks.states import RollbackState
from training.rollbacks.voices import Tally, tally_of


class WordForm(VoiceForm):
    """One member's word."""

    word = forms.ChoiceField(
        label=gettext_lazy("Should it be taken out?"),
        choices=[
            ("for", gettext_lazy("Yes, replay without it")),
            ("against", gettext_lazy("No, the bases stay")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Read by people of the consortium. Name no person here."),
    )
    field_order = ("member", "word", "note")


class OutcomeForm(CatalogForm):
    """What became of a descendant."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of it"), choices=[(each.value, each.label) for each in OUTCOMES]
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=1000)


@dataclass(frozen=True, slots=True)
class VotePanel:
    """The vote, with a form, or the reason why there is none. Notes are for the consortium: ``inside``."""

    tally: Tally
    inside: bool
    form: WordForm | None
    reason: str | Promise
    may_take_back: bool
    may_try_again: bool


def panel_for(rollback: Rollback, actor: Actor, sent: Any = None) -> VotePanel:
    """Return the vote for this reader. The service has the last word."""
    tally = tally_of(rollback)
    is_open = rollback.state == RollbackState.PROPOSED
    reason = _why_not(actor, tally) if is_open else ""
    left = {member.pk for member in tally.left}
    voices = [member for member in voices_of(actor) if member.pk in left]
    return VotePanel(
        tally=tally,
        inside=bool(actor.members),
        form=WordForm(sent, voices=voices) if is_open and not reason else None,
        reason=reason,
        may_take_back=rollback.state in (RollbackState.PROPOSED, RollbackState.FAILED)
        and may_take_back(actor, rollback),
        may_try_again=rollback.state == RollbackState.FAILED and actor.has_role(Role.MAINTAINER),
    )


def _why_not(actor: Actor, tally: Tally) -> str | Promise:
    """Say why this reader has no word here; nothing where they have one."""
    if {member.slug for member in tally.recused} & actor.members:
        return _("It is your own member’s contribution: you may ask for its removal, and the others decide.")
    if not actor.has_role(Role.MAINTAINER):
        return _("Maintainers vote, each for their own member.")
    spoken = any(voice.maintainer_id == actor.key for voice in tally.voices)
    if spoken or not {member.slug for member in tally.left} & actor.members_with(Role.MAINTAINER):
        return _("You, or somebody of your member, spoke in this vote already; a member has one word.")
    return ""
