"""What holds for all rows of a table that do not say it themselves."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.batches.describing import TEXT_LANGUAGE
from catalog.design.terms import choices_of
from catalog.design.tier_words import TIER_WORDS
from catalog.pages.batches.forms import label_of_path
from catalog.pages.proposals.forms.base import CatalogForm

TERMS: Final = {
    "artifact_type": "artifact-type",
    "modality": "modality",
    "themes": "theme",
    "personal_data": "personal-data",
}
ANSWERS: Final = (
    "rights.commercial_use",
    "rights.model_training",
    "rights.redistribution",
    "rights.attribution",
)
PLAIN: Final = ("licence", "languages", "represents", "contact.name", "contact.email")
NOTHING: Final = ("", _("As each row says"))


class ConstantsForm(CatalogForm):
    """One answer for all rows; empty where the rows, or the drafts later, answer themselves.

    Private is not among the tiers: such data are not described here (INV-1).
    """

    def __init__(
        self, *arguments: Any, person: tuple[str, str], mapped: Iterable[str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        tiers = [(tier, words.word) for tier, words in TIER_WORDS.items() if tier != "private"]
        self.fields["tier"] = _choice("tier", tiers)
        for path, scheme in TERMS.items():
            self.fields[_name(path)] = _choice(path, choices_of(scheme)())
        for path in ANSWERS:
            self.fields[_name(path)] = _choice(
                path, [("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known"))]
            )
        me = (
            dict(zip(("contact.name", "contact.email"), person, strict=True))
            if not set(mapped) & set(PLAIN[3:])
            else {}
        )
        for path in PLAIN:
            self.fields[_name(path)] = forms.CharField(
                label=label_of_path(path), required=False, max_length=300, initial=me.get(path, "")
            )
        self.fields["permitted_stages"] = forms.MultipleChoiceField(
            label=label_of_path("permitted_stages"),
            choices=choices_of("stage")(),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[TEXT_LANGUAGE] = forms.CharField(
            label=_("Language of titles and texts"),
            help_text=_("A tag such as vi, for columns that do not say it. Left empty, it is recognised."),
            required=False,
            max_length=35,
        )

    @classmethod
    def initial_of(cls, constants: Mapping[str, str]) -> dict[str, Any]:
        """Return what was said before, as this form shows it."""
        said: dict[str, Any] = {_name(path): text for path, text in constants.items()}
        if stages := said.get("permitted_stages"):
            said["permitted_stages"] = stages.split("; ")
        return said

    def chosen(self) -> dict[str, str]:
        """Return texts by path, of what was answered."""
        texts = {
            path: "; ".join(value) if isinstance(value, list) else value
            for path, value in ((_path(name), value) for name, value in self.cleaned_data.items())
        }
        return {path: text for path, text in texts.items() if text}

    def take_over(self, refusals: Mapping[str, list[str]]) -> None:
        """Show a service's messages at their fields."""
        super().take_over({_name(path): texts for path, texts in refusals.items()})


def _choice(path: str, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label_of_path(path), choices=[NOTHING, *choices], required=False)


def _name(path: str) -> str:
    return path.replace(".", "__")


def _path(name: str) -> str:
    return name.replace("__", ".")
