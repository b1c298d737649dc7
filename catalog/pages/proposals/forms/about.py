"""Step "about": what it is, in as many languages as the steward writes."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.datasets.vocabulary import check_language
from catalog.design.languages import autonym, text_direction
from catalog.design.terms import choices_of
from catalog.pages.proposals.forms.base import LONG_TEXT, StepForm, part_of

TEXTS = ("title", "summary", "description")
MOST_LANGUAGES = 60


class AboutForm(StepForm):
    """Title, summary and description per language; a language whose texts are all emptied goes away."""

    parts = TEXTS
    asides = StepForm.asides | {"text_languages", "add_language"}

    text_languages = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONG_TEXT)
    artifact_type = forms.ChoiceField(
        label=_("What stage of work is it?"),
        choices=choices_of("artifact-type", defined=True),
        widget=forms.RadioSelect,
    )
    modality = forms.ChoiceField(
        label=_("What are the data?"), choices=choices_of("modality"), widget=forms.RadioSelect
    )
    add_language = forms.CharField(
        label=_("Write it in one more language"),
        help_text=_("A language tag such as vi, sw or pt-BR. Leave it empty to go on."),
        required=False,
        max_length=35,
        widget=forms.TextInput(attrs={"list": "language-tags", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tags = self._languages_shown()
        for tag in self.tags:
            self.fields.update(_text_fields(tag))
        self.initial["text_languages"] = " ".join(self.tags)
        self.order_fields([name for tag in self.tags for name in _names(tag)])

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return one initial value for each text in each language, and the two choices."""
        texts = {part: part_of(record, part) for part in TEXTS}
        spread = {f"{part}_{tag}": text for part, each in texts.items() for tag, text in each.items()}
        tags = list(dict.fromkeys(tag for each in texts.values() for tag in each)) or ["en"]
        return {**super().from_record(record), **spread, "text_languages": " ".join(tags)}

    def text_groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield each language with its three fields."""
        for tag in self.tags:
            yield tag, [self[name] for name in _names(tag)]

    def clean_add_language(self) -> str:
        """Refuse what BCP 47 does not know, by name."""
        tag: str = self.cleaned_data["add_language"]
        return _checked(tag.strip()) if tag.strip() else ""

    def _languages_shown(self) -> list[str]:
        posted = self.data.get("text_languages") if self.is_bound else None
        words = str(posted or self.initial.get("text_languages") or "en").split()
        return list(dict.fromkeys(tag for word in words[:MOST_LANGUAGES] if (tag := _valid_or_none(word))))


def _names(tag: str) -> list[str]:
    return [f"{part}_{tag}" for part in TEXTS]


def _text_fields(tag: str) -> dict[str, forms.Field]:
    own = {"lang": tag, "dir": text_direction(tag)}
    name = autonym(tag)
    area = forms.Textarea(attrs={**own, "rows": 6})
    return {
        f"title_{tag}": forms.CharField(
            label=_("Title (%(language)s)") % {"language": name},
            help_text=_("What a reader would call it, without praise."),
            max_length=300,
            widget=forms.TextInput(attrs=own),
        ),
        f"summary_{tag}": forms.CharField(
            label=_("Summary (%(language)s)") % {"language": name},
            help_text=_("One or two sentences; they stand in lists."),
            max_length=600,
            widget=forms.Textarea(attrs={**own, "rows": 2}),
        ),
        f"description_{tag}": forms.CharField(
            label=_("Description (%(language)s)") % {"language": name},
            help_text=_("What is in it, how it is laid out, what it should not be used for."),
            max_length=20_000,
            widget=area,
        ),
    }


def _checked(tag: str) -> str:
    try:
        return check_language(tag)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


def _valid_or_none(word: str) -> str | None:
    try:
        return check_language(word)
    except ValueError:
        return None
