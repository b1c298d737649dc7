"""What is asked of those who ask for access, and of those who decide."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.access.asking import LONGEST
from catalog.access.wording import AFTER_A_GRANT, REFUSALS
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import LONG_TEXT, CatalogForm, member_choice
from catalog.tiers import Purpose

USUAL: Final = 90  # days
GRANT, REFUSE = "grant", "refuse"


class AskForm(CatalogForm):
    """A request: for whom, what for, how much, how long."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        help_text=_("One purpose for each request. Rounds of the consortium need no request."),
        choices=[(Purpose.SOVEREIGN_BUILD.value, _("A sovereign build: your member’s own model"))],
        initial=Purpose.SOVEREIGN_BUILD.value,
        widget=forms.RadioSelect,
    )
    project = forms.CharField(
        label=_("Project"),
        help_text=_("A name by which both of you recognise it later."),
        max_length=200,
    )
    scope = forms.CharField(
        label=_("What will you do with the data?"),
        help_text=_("Which part of them, in which stage, on which nodes, and what becomes of the result."),
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        help_text=_("From the day of the decision. It can be renewed."),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL,
    )

    def __init__(self, *arguments: Any, askers: Iterable[Member], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["member"] = member_choice(_("For which member?"), askers)
        self.order_fields(["member"])


class DecideForm(CatalogForm):
    """The owner's answer."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(GRANT, _("Grant it, for the days below")), (REFUSE, _("Refuse it"))],
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("Days"),
        help_text=_("As asked, or fewer. They count when you grant."),
        min_value=1,
        max_value=LONGEST,
        required=False,
    )
    reason_codes = forms.MultipleChoiceField(
        label=_("Reasons against it"),
        help_text=_("A refusal needs a reason or a note."),
        choices=REFUSALS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Conditions, or why not. Only the two members read it."),
        required=False,
        max_length=LONG_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, renewal: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        reasons = self.fields["reason_codes"]
        assert isinstance(reasons, forms.MultipleChoiceField)  # noqa: S101 - for the reader of types
        if not renewal:
            reasons.choices = [choice for choice in REFUSALS if choice[0] not in AFTER_A_GRANT]


class RenewForm(CatalogForm):
    """How much longer."""

    days = forms.IntegerField(
        label=_("For how many more days?"),
        help_text=_("From the day of the decision."),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL,
    )


class EndForm(CatalogForm):
    """Why a grant or a request ends."""

    note = forms.CharField(
        label=_("Why?"),
        help_text=_("Only the two members read it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
