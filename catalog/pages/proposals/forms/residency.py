"""Step "residency": where the data may be, what may leave that place, and what guards it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_country
from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import Fold, StepForm
from catalog.pages.proposals.forms.fields import YesNoField
from catalog.pages.proposals.forms.lists import WordsField


class ResidencyForm(StepForm):
    """The boundary, the places of storage and processing, three yes-or-no questions, technical controls."""

    parts = ("residency",)
    folds = (Fold(_("Technical controls"), ("residency_controls", "residency_epsilon")),)

    residency_boundary = forms.CharField(
        label=_("Residency boundary"),
        help_text=_(
            "The territory or institution that the data stay in, such as VN or “the archive in Cusco”."
        ),
        max_length=200,
    )
    residency_storage = WordsField(
        label=_("Stored in"),
        help_text=_("Country codes, separated by commas: VN, KH."),
        most=50,
        check=check_country,
    )
    residency_processing = WordsField(
        label=_("Processed in"),
        help_text=_("Country codes of the places where a node may compute on it."),
        most=50,
        check=check_country,
    )
    residency_raw_may_leave = YesNoField(label=_("May the raw data leave the boundary?"))
    residency_derived_may_leave = YesNoField(label=_("May data derived from them leave it?"))
    residency_updates_may_leave = YesNoField(label=_("May weight updates of a model leave it?"))
    residency_controls = forms.MultipleChoiceField(
        label=_("What guards the data there?"),
        choices=choices_of("technical-control"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    residency_epsilon = forms.FloatField(
        label=_("Privacy budget ε"),
        help_text=_("Of differential privacy, where it is used: the smaller, the stronger. For example 3."),
        min_value=1e-9,
        max_value=1000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
