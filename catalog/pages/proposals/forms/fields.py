"""Fields whose cleaned value is what the record stores, as JSON; what the record stores is what they show.

A draft may hold anything, since the API saves drafts too: each field shows what it can not read as it is.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

LARGEST: Final = 2**53 - 1  # the largest integer that canonical JSON holds exactly (RFC 8785)
UNANSWERED: Final = ("", _("Not answered"))


class YesNoField(forms.TypedChoiceField):
    """A question with three answers: yes, no, and not answered yet (DG:3: never guessed).

    An optional one offers the third as a choice, since nobody can take the mark off a radio button.
    """

    widget = forms.RadioSelect
    answers: ClassVar = [("yes", _("Yes")), ("no", _("No"))]
    stored: ClassVar[dict[str, bool | str]] = {"yes": True, "no": False}

    def __init__(self, *, required: bool = True, **options: Any) -> None:
        choices = self.answers if required else [UNANSWERED, *self.answers]
        super().__init__(
            choices=choices, coerce=self.stored.__getitem__, empty_value=None, required=required, **options
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored boolean as the choice it was."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class KnownField(YesNoField):
    """As ``YesNoField``, and "not known" is an answer too, which permits nothing."""

    answers: ClassVar = [*YesNoField.answers, ("unknown", _("Not known"))]
    stored: ClassVar[dict[str, bool | str]] = {**YesNoField.stored, "unknown": "unknown"}


class LongTextField(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 3, longest: int = 4000, **options: Any) -> None:
        super().__init__(max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **options)


class AddressField(forms.URLField):
    """An address of the web."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=1000, assume_scheme="https", **options)

    def to_python(self, value: Any) -> Any:
        """Refuse what the web does not reach."""
        address = super().to_python(value)
        if address and not address.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Give an address that begins with https:// or http://."))
        return address


class NumberField(forms.IntegerField):
    """A count, never negative. Typed as text: a browser's own box for numbers hides what it can not read."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, least: int = 0, most: int = LARGEST, **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, **options)


class DayField(forms.DateField):
    """A day; the record stores it as ISO 8601 has it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> Any:
        """Return the day as text, None without one."""
        day = super().clean(value)
        return day.isoformat() if isinstance(day, date) else None


class PercentField(forms.CharField):
    """A part of the whole: typed in percent, stored from 0 to 1, without a digit lost on the way."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored part in percent."""
        return in_percent(value)

    def clean(self, value: Any) -> Any:
        """Return the part of the whole, None without an answer."""
        text = super().clean(value)
        return read_percent(text) if text else None


def in_percent(value: Any) -> Any:
    """Return a part of the whole as the text of its percentage; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{(Decimal(repr(value)) * 100).normalize():f}"


def read_percent(text: str) -> float:
    """Return the part of the whole, from 0 to 1; raise ``forms.ValidationError`` for anything else."""
    try:
        number = Decimal(text.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise forms.ValidationError(_("“%(text)s” is not a percentage."), params={"text": text}) from None
    if not (number.is_finite() and 0 <= number <= 100):  # noqa: PLR2004 - percent
        raise forms.ValidationError(_("“%(text)s” is not between 0 and 100."), params={"text": text})
    return float(number / 100)
