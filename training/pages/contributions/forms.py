"""The forms of a review: one's decision, a question and its answer, a word on an appeal."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pages.proposals.forms.base import CatalogForm
from catalog.pages.proposals.forms.fields import LongTextField
from training.contributions.models import DecisionVerdict
from training.contributions.reason_codes import ReasonCode
from training.contributions.reasons import NEEDS_REASONS
from training.pages.voices import VoiceForm

VERDICTS: Final = [
    (DecisionVerdict.ACCEPT.value, _("Accept: it goes into the next base")),
    (
        DecisionVerdict.QUARANTINE.value,
        _("Quarantine: out of this round, and kept to be looked at"),
    ),
    (DecisionVerdict.REJECT.value, _("Reject: it stays out, and its record stays here")),
]


class DecisionForm(VoiceForm):
    """One maintainer's word, with what they saw."""

    verdict = forms.ChoiceField(label=_("Your decision"), choices=VERDICTS, widget=forms.RadioSelect)
    reason_codes = forms.MultipleChoiceField(
        label=_("If you do not accept it: for what reasons?"),
        choices=ReasonCode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one. They stand in the log by their codes."),
    )
    note = LongTextField(
        label=_("Note"),
        required=False,
        rows=4,
        help_text=_(
            "What you looked at and what you concluded. It is signed with your decision, and public. "
            "Whoever does not accept writes one."
        ),
    )
    field_order = ("member", "verdict", "reason_codes", "note")

    def clean(self) -> None:
        """Ask for reasons and a note at once, where the verdict needs them."""
        super().clean()
        if self.cleaned_data.get("verdict") not in NEEDS_REASONS:
            return
        if not self.cleaned_data.get("reason_codes") and "reason_codes" not in self.errors:
            self.add_error("reason_codes", _("Say for which of these reasons."))
        if not self.cleaned_data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say in words what you found: its maker reads it."))


class AskForm(VoiceForm):
    """What a maintainer wants to know before they decide."""

    question = LongTextField(
        label=_("Your question"),
        help_text=_("The contributing member is told, and everybody reads the question and the answer."),
    )

    field_order = ("member", "question")


class AnswerForm(CatalogForm):
    """What the contributing member says to it."""

    answer = LongTextField(label=_("Your answer"))


class AppealVoiceForm(VoiceForm):
    """One member's word on an appeal."""

    upholds = forms.TypedChoiceField(
        label=_("Is the appeal right?"),
        choices=[
            ("yes", _("Uphold it: members decide on the update again")),
            ("no", _("Dismiss it: the decision stands")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    note = LongTextField(label=_("Why?"), help_text=_("It is public."), rows=4)
    field_order = ("member", "upholds", "note")
