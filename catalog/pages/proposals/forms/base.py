"""What all steps of the proposal form share: nothing is demanded before submission, and nothing is lost."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.design.forms import CatalogRenderer

LONG_TEXT = 4000


class CatalogForm(forms.Form):
    """A form in the site's look. Instead of the browser's own bubbles, a summary leads to each field."""

    default_renderer = CatalogRenderer
    use_required_attribute = False

    def take_over(self, refusals: Mapping[str, list[str]]) -> None:
        """Show a service's messages at the fields they are about, those of other steps above the form."""
        for path, texts in refusals.items():
            name = path.replace(".", "_")
            for text in texts:
                self.add_error(
                    name if name in self.fields else None, text if name in self.fields else f"{path}: {text}"
                )


class StepForm(CatalogForm):
    """One step: some parts of a draft's record. A form is filled from the record and read back as a patch.

    A required field is one that a submission needs: it is marked so, and a draft is saved without it.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def full_clean(self) -> None:
        """Check what was entered; what is missing is told by the checks of the whole record."""
        demanded = [field for field in self.fields.values() if field.required]
        for field in demanded:
            field.required = False
        try:
            super().full_clean()
        finally:
            for field in demanded:
                field.required = True

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return initial values for the fields that this step shows."""
        return {name: record.get(name) for name in cls.base_fields if name in record}

    def as_patch(self) -> dict[str, Any]:
        """Return the parts of the record that this step answers; None stands for "not answered"."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class YesNoField(forms.TypedChoiceField):
    """A question with three answers: yes, no, and not answered yet (DG:3: never guessed)."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored boolean as the choice it was."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class WordsField(forms.CharField):
    """Several short values in one line, separated by commas or spaces; the stored value is a list."""

    def __init__(self, *, most: int, **options: Any) -> None:
        super().__init__(max_length=LONG_TEXT, **options)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as one line."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Split into words, each once, in the order given."""
        text = super().to_python(value) or ""
        return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))

    def validate(self, value: Any) -> None:
        """Refuse more words than the record holds."""
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                _("At most %(most)s values; these are %(count)s."),
                params={"most": self.most, "count": len(value)},
            )

    def run_validators(self, value: Any) -> None:
        """Ask the validators about each word and the length limit about the whole line."""
        for word in value:
            super().run_validators(word)


def answered(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answered entries of a nested part; None when nobody answered any of them."""
    kept = {name: value for name, value in values.items() if value not in (None, "", [])}
    return kept or None


def part_of(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a nested part of a draft; an API may have saved anything there, then it is taken as empty."""
    part = record.get(name)
    return part if isinstance(part, Mapping) else {}
