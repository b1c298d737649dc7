"""Step "rights": on what grounds the data may be used, for what, and for what not."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_licence
from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import Fold, StepForm
from catalog.pages.proposals.forms.fields import DayField, KnownField, LongTextField, NumberField


class RightsForm(StepForm):
    """The licence, four questions and the permitted stages; and what limits them."""

    parts = ("rights",)
    folds = (
        Fold(_("Limits of use and of time"), ("prohibited_uses", "embargo_until", "retention_days")),
        Fold(_("What those who gave the data get"), ("benefit_sharing",)),
        Fold(_("Terms and laws behind it"), ("terms_of_service", "export_control", "excluded_sources")),
    )

    licence = forms.CharField(
        label=_("Licence or rights basis"),
        help_text=_(
            "An SPDX expression such as CC-BY-4.0, a named basis such as LicenseRef-Community-Consent, "
            "or the word unknown. Unknown is an honest answer; it is never read as a permission."
        ),
        max_length=300,
        widget=forms.TextInput(attrs={"list": "licences", "autocomplete": "off", "spellcheck": "false"}),
    )
    rights_model_training = KnownField(label=_("May models be trained on it?"))
    rights_commercial_use = KnownField(label=_("May it be used commercially?"))
    rights_redistribution = KnownField(label=_("May it be passed on?"))
    rights_attribution = KnownField(label=_("Must its source be named?"))
    permitted_stages = forms.MultipleChoiceField(
        label=_("For which stages of training do you permit it?"),
        choices=choices_of("stage", defined=True),
        widget=forms.CheckboxSelectMultiple,
    )
    prohibited_uses = forms.MultipleChoiceField(
        label=_("Uses that you forbid"),
        choices=choices_of("prohibited-use"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    embargo_until = DayField(
        label=_("Embargo until"),
        help_text=_("Before this day nobody but your member may use it; the entry is seen all the same."),
        required=False,
    )
    retention_days = NumberField(
        label=_("How many days may a copy be kept?"),
        help_text=_("On a node that was granted the data, counted from the grant. For example 90."),
        least=1,
        most=36_500,
        required=False,
    )
    benefit_sharing = LongTextField(
        label=_("How do they share in the benefit?"),
        help_text=_("For example: the tellers’ association uses each model trained on it for nothing."),
        required=False,
    )
    terms_of_service = LongTextField(
        label=_("Terms of service that bind the data"),
        help_text=_("Of the place that they were taken from, with their date; “none” where there are none."),
        required=False,
    )
    export_control = LongTextField(
        label=_("Export control"),
        help_text=_("A law or a list that limits where the data may be sent, or “none”."),
        required=False,
    )
    excluded_sources = LongTextField(
        label=_("What was left out on purpose"),
        help_text=_("Sources that were not taken, and why: sites that refuse crawling, works under dispute."),
        required=False,
    )

    def clean_licence(self) -> str:
        """Return the expression in SPDX's canonical form."""
        text: str = self.cleaned_data["licence"]
        try:
            return check_licence(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
