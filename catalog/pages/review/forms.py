"""The short forms of the talk about a proposal, of who is asked to review it, and of an appeal."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member
from catalog.pages.proposals.forms.base import CatalogForm, member_choice
from catalog.pages.proposals.forms.fields import LongTextField
from catalog.pages.review.fields import field_choices

REASON: Final = 1000  # characters, as the column of Recusal holds them


class ThreadForm(CatalogForm):
    """A question or a remark that begins a talk, about one answer or about all of it."""

    field = forms.ChoiceField(label=_("About which answer?"), choices=field_choices, required=False)
    text = LongTextField(label=_("What do you ask or remark?"), rows=4)
    requested = forms.BooleanField(
        label=_("This has to be settled before I can approve"),
        help_text=_("The steward finds it in a list, with the way to the step that mends it."),
        required=False,
    )

    def __init__(self, *arguments: Any, may_request: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not may_request:
            del self.fields["requested"]


class ReplyForm(CatalogForm):
    """What is said next in a talk."""

    text = LongTextField(label=_("Your reply"))


class AssignForm(CatalogForm):
    """Whom to ask besides, or instead."""

    reviewer = forms.ChoiceField(label=_("Whom do you ask?"), widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, people: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["reviewer"].choices = [(str(key), name) for key, name in people]  # type: ignore[attr-defined]


class ReasonForm(CatalogForm):
    """Why somebody declines a review, or takes no part in it."""

    reason = LongTextField(
        label=_("Why?"), help_text=_("People of the consortium can read it."), longest=REASON
    )


class AppealForm(CatalogForm):
    """Why a decision was wrong."""

    grounds = LongTextField(
        label=_("Why was the decision wrong?"),
        help_text=_("What was overlooked or misjudged. Who decides on it did not speak for the decision."),
        rows=8,
    )


class VoiceForm(CatalogForm):
    """One member's word on an appeal."""

    upholds = forms.TypedChoiceField(
        label=_("Is the appeal right?"),
        choices=[
            ("yes", _("Uphold it: the proposal is reviewed again")),
            ("no", _("Dismiss it: the decision stands")),
        ],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
    )
    note = LongTextField(label=_("Why?"), help_text=_("The steward and the consortium read it."), rows=4)

    def __init__(self, *arguments: Any, voices: Iterable[Member], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["member"] = member_choice(_("For which member do you speak?"), voices)
        self.order_fields(["member"])
