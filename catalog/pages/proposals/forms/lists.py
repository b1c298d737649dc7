"""Fields for several values in one box: words, phrases, shares per language, and one object a line."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _

from catalog.pages.proposals.forms.fields import in_percent, read_percent

LONGEST: Final = 20_000  # characters of one box
Check = Callable[[str], str]


class WordsField(forms.CharField):
    """Several short values in one line, stored as a list. ``check`` returns a value's proper form."""

    separators: ClassVar = ",;"
    spaces_separate: ClassVar = True

    def __init__(self, *, most: int, check: Check = str, **options: Any) -> None:
        plain = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=LONGEST, **{"widget": plain, **options})
        self.most, self.check = most, check

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as one line."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """Return the values, each once, in the order given; refuse each that is wrong by its name."""
        text = super().clean(value) or ""
        for separator in self.separators:
            text = text.replace(separator, "\n")
        words = text.split() if self.spaces_separate else filter(None, map(str.strip, text.splitlines()))
        return list(dict.fromkeys(_each(words, self.check, self.most)))


class PhrasesField(WordsField):
    """As ``WordsField``, and a value may consist of several words."""

    spaces_separate = False


class SharesField(WordsField):
    """Parts of the whole per language, ``vi 60, km 40``; stored as ``{"vi": 0.6, "km": 0.4}``."""

    spaces_separate = False

    def prepare_value(self, value: Any) -> Any:
        """Show stored shares as one line."""
        if not isinstance(value, dict):
            return super().prepare_value(value)
        return ", ".join(f"{tag} {in_percent(share)}" for tag, share in value.items())

    def clean(self, value: Any) -> Any:
        """Return the share of each language."""
        text = forms.CharField.clean(self, value) or ""
        pairs = filter(None, map(str.strip, text.replace(";", ",").replace("\n", ",").split(",")))
        return dict(_each(pairs, self._pair, self.most))

    def _pair(self, text: str) -> tuple[str, float]:
        tag, _space, number = text.removesuffix("%").rstrip().partition(" ")
        if not number:
            raise ValueError(
                _("Write a language tag and a percentage for “%(text)s”, such as vi 60.") % {"text": text}
            )
        return self.check(tag), read_percent(number)


class LinesField(forms.CharField):
    """One object a line; the columns are separated by a bar, and those at the end may be left out.

    ``columns`` names them with their checks: ``{"dataset": str, "version": int}`` reads ``laws | 3``.
    """

    def __init__(self, *, columns: Mapping[str, Callable[[str], Any]], most: int, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
        super().__init__(max_length=LONGEST, widget=widget, **options)
        self.columns, self.most = columns, most

    def prepare_value(self, value: Any) -> Any:
        """Show each stored object as a line; what is no object as JSON."""
        if not isinstance(value, list):
            return value
        return "\n".join(self._line(one) if isinstance(one, dict) else json.dumps(one) for one in value)

    def clean(self, value: Any) -> Any:
        """Return the objects; refuse each wrong line by its text."""
        text = super().clean(value) or ""
        return list(_each(filter(None, map(str.strip, text.splitlines())), self._object, self.most))

    def _line(self, one: dict[str, Any]) -> str:
        cells = ["" if one.get(name) is None else str(one[name]) for name in self.columns]
        return " | ".join(cells).rstrip(" |")

    def _object(self, line: str) -> dict[str, Any]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > len(self.columns):
            raise ValueError(
                _("“%(line)s” has more than %(n)s parts.") % {"line": line, "n": len(self.columns)}
            )
        named = zip(self.columns.items(), cells, strict=False)
        return {name: read(cell) for (name, read), cell in named if cell}


def _each(texts: Iterable[str], read: Callable[[str], Any], most: int) -> list[Any]:
    """Read each text; tell all that are wrong at once.

    Raises:
        forms.ValidationError: with a message for each, or one where there are more than ``most``.
    """
    given = list(texts)
    if len(given) > most:
        message = _("At most %(most)s values; these are %(count)s.")
        raise forms.ValidationError(message, params={"most": most, "count": len(given)})
    good, wrong = [], []
    for text in given:
        try:
            good.append(read(text))
        except forms.ValidationError as refusal:
            wrong.extend(refusal.messages)
        except ValueError as refusal:
            wrong.append(str(refusal))
    if wrong:
        raise forms.ValidationError(wrong)
    return good
