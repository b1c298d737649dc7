"""Step "coverage": whose language and life the data show."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_language
from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import StepForm, WordsField


def valid_language(tag: str) -> None:
    """Refuse a tag that BCP 47 does not know."""
    try:
        check_language(tag)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


class CoverageForm(StepForm):
    """Languages, the community or domain behind the data, and the EU's themes."""

    languages = WordsField(
        label=_("Languages of the data"),
        help_text=_("Language tags, separated by commas: vi, km, lo. Shares are computed from the files."),
        most=200,
        validators=[valid_language],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
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

    def clean_languages(self) -> list[str]:
        """Return the tags in canonical case, each once."""
        return list(dict.fromkeys(check_language(tag) for tag in self.cleaned_data["languages"]))
