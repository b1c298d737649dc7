"""Step "coverage": whose language, life, time and place the data show."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_language, check_region
from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import Fold, StepForm
from catalog.pages.proposals.forms.fields import DayField
from catalog.pages.proposals.forms.lists import PhrasesField, SharesField, WordsField


def valid_language(tag: str) -> None:
    """Refuse a tag that BCP 47 does not know."""
    try:
        check_language(tag)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


class CoverageForm(StepForm):
    """Languages with their shares, the community or domain behind the data, themes, time and place."""

    parts = ("temporal",)
    folds = (
        Fold(_("Time and place"), ("temporal_start", "temporal_end", "regions")),
        Fold(_("Words that people search for"), ("keywords",)),
    )

    languages = WordsField(
        label=_("Languages of the data"),
        help_text=_("Language tags, separated by commas: vi, km, lo."),
        most=200,
        check=check_language,
    )
    shares = SharesField(
        label=_("How much of each?"),
        help_text=_("In percent, as far as you know: vi 60, km 40. Shares of attached files are computed."),
        most=200,
        check=check_language,
        required=False,
    )
    represents = forms.CharField(
        label=_("Whom or what does it represent?"),
        help_text=_("A community, a jurisdiction or a domain, as its people name it."),
        max_length=300,
    )
    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        help_text=_("From the data themes of the European Union; choose all that fit."),
        choices=choices_of("theme"),
        widget=forms.CheckboxSelectMultiple,
    )
    temporal_start = DayField(
        label=_("The data speak of a time from"),
        help_text=_("The time that they are about, not the day on which they were collected."),
        required=False,
    )
    temporal_end = DayField(
        label=_("until"), help_text=_("Leave one of the two empty where that side is open."), required=False
    )
    regions = WordsField(
        label=_("Countries and regions"),
        help_text=_(
            "Codes of countries such as VN, or of regions of the United Nations such as 035 for "
            "South-eastern Asia, separated by commas."
        ),
        most=100,
        check=check_region,
        required=False,
    )
    keywords = PhrasesField(
        label=_("Keywords"),
        help_text=_("In any language, separated by commas: folk tales, chuyện cổ tích."),
        most=50,
        required=False,
    )
