"""Adding, renaming and retiring a term."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.design.terms import label_of
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.vocabularies.models import Term


class TextsField(forms.CharField):
    """Texts by language, one a line, as ``en: Education``; the cleaned value is a mapping."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """Show a mapping as its lines."""
        return (
            "\n".join(f"{tag}: {text}" for tag, text in value.items())
            if isinstance(value, Mapping)
            else value
        )

    def to_python(self, value: Any) -> Any:
        """Read the lines; say which one has no language."""
        found: dict[str, str] = {}
        for line in filter(str.strip, (super().to_python(value) or "").splitlines()):
            tag, colon, text = line.partition(":")
            if not colon:
                raise forms.ValidationError(
                    _("Begin “%(line)s” with its language, such as en:"), params={"line": line}
                )
            found[tag.strip()] = text.strip()
        return found

    def run_validators(self, value: Any) -> None:
        """Leave lengths and languages to the service, which knows them."""


class WordsForm(CatalogForm):
    """What a term is called and means."""

    labels = TextsField(label=_("Labels"), help_text=_("One language per line, as in “en: Education”."))
    definition = TextsField(
        label=_("Definition"), help_text=_("One language per line, as in “en: …”."), required=False
    )


class AddForm(WordsForm):
    """A new term."""

    code = forms.CharField(
        label=pgettext_lazy("term", "Code"),
        help_text=_("What records hold. It never changes."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("code", "labels", "definition")


class RetireForm(CatalogForm):
    """The end of a term, perhaps in favour of another."""

    replaced_by = forms.ChoiceField(label=_("Replaced by"), required=False)

    def __init__(self, *arguments: Any, term: Term, **options: Any) -> None:
        super().__init__(*arguments, **options)
        others = Term.objects.filter(scheme=term.scheme, retired_at=None).exclude(pk=term.pk)
        choices = [(code, label_of(term.scheme, code)) for code in others.values_list("code", flat=True)]
        field = self.fields["replaced_by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the reader of types
        field.choices = [("", _("Nothing")), *choices]
