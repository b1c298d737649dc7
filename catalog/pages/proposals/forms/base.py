"""What all steps of the proposal form share: nothing is demanded before submission, and nothing is lost."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.utils.functional import Promise

from catalog.design.forms import CatalogRenderer
from catalog.members.models import Member
from catalog.pages.proposals.forms.asking import AskedField, StepRenderer
from catalog.proposals.merging import Path, Shown, is_shown, shown

LONG_TEXT: Final = 4000
LONGEST_REFUSED: Final = 20_000  # characters of an answer that can not be read, and is kept all the same
EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


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


@dataclass(frozen=True, slots=True)
class Fold:
    """Optional questions that share a heading and stand folded until one of them is answered."""

    title: str | Promise
    fields: tuple[str, ...]


def hidden_now() -> forms.HiddenInput:
    """Return a hidden input that a browser does not fill again with what stood there before."""
    return forms.HiddenInput(attrs={"autocomplete": "off"})


class StepForm(CatalogForm):
    """One step: some fields of a draft's record. A form is filled from the record and read back as a patch.

    A field is named by its path in the record. ``parts`` are the paths of the nested parts that the step
    asks for: with ``parts = ("rights",)`` the form's ``rights_attribution`` is the record's
    ``rights.attribution``. Inner parts stand before those that they are in. ``asides`` are no answers.

    A required field is one that a submission needs: it is marked so, and a draft is saved without it. The
    hidden ``base`` remembers what was shown, so that a save touches nothing that others changed since.
    """

    parts: ClassVar[tuple[str, ...]] = ()
    folds: ClassVar[tuple[Fold, ...]] = ()
    asides: ClassVar[frozenset[str]] = frozenset({"revision", "base"})
    default_renderer = StepRenderer
    bound_field_class = AskedField

    revision = forms.IntegerField(widget=hidden_now(), required=False, min_value=1)
    base = forms.CharField(widget=hidden_now(), required=False)

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
    def path_of(cls, name: str) -> str:
        """Return where a field's answer stands in the record: ``rights.attribution``."""
        for part in cls.parts:
            prefix = f"{part.replace('.', '_')}_"
            if name.startswith(prefix):
                return f"{part}.{name.removeprefix(prefix)}"
        return name

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return initial values for the fields that this step shows, nested parts spread over them."""
        names = [name for name in cls.base_fields if name not in cls.asides]
        told = {name: value_at(record, cls.path_of(name)) for name in names}
        return {**told, "base": json.dumps(cls.shown_of(record), separators=(",", ":"))}

    @classmethod
    def shown_of(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the digests of what this step shows of a record."""
        names = {cls.path_of(name) for name in cls.base_fields if name not in cls.asides}
        tops = {path.split(".")[0] for path in (*names, *cls.parts)}
        return shown({name: value for name, value in record.items() if name in tops})

    def shown_before(self) -> Shown | None:
        """Return what was shown to whoever sent this; None where that is not told, or not in its form."""
        try:
            told = json.loads(str(self.data.get("base", "")))
        except (ValueError, RecursionError):
            return None
        return told if is_shown(told) else None

    def as_patch(self) -> dict[str, Any]:
        """Return the fields of the record that this step answers; None stands for "not answered".

        Of a text that can not be read yet it is the text itself, which its field shows again.
        """
        nested: dict[str, Any] = {}
        for name in self.fields:
            if name not in self.asides:
                *parents, last = self.path_of(name).split(".")
                place = nested
                for parent in parents:
                    place = place.setdefault(parent, {})
                place[last] = self.cleaned_data[name] if name in self.cleaned_data else self._as_typed(name)
        return {name: _answered(value) for name, value in nested.items()}

    def unsaved(self) -> list[Path]:
        """Return the paths of refused answers that are not even text: of these the record keeps the last."""
        refused = (name for name in self.errors if name in self.fields and name not in self.asides)
        return [tuple(self.path_of(name).split(".")) for name in refused if self._as_typed(name) is None]

    def _as_typed(self, name: str) -> str | None:
        typed = self[name].data
        is_text = isinstance(typed, str) and not isinstance(self.fields[name], forms.ChoiceField)
        return typed if is_text and "\0" not in typed and len(typed) <= LONGEST_REFUSED else None

    def leading(self) -> Iterator[forms.BoundField]:
        """Yield the fields that stand open, in their order."""
        folded = {name for fold in self.folds for name in fold.fields}
        yield from (field for field in self.visible_fields() if field.name not in folded)

    def folded(self) -> Iterator[tuple[Fold, list[forms.BoundField], bool]]:
        """Yield the groups of optional questions, and whether one of each is answered or refused."""
        for fold in self.folds:
            fields = [self[name] for name in fold.fields]
            yield fold, fields, any(field.errors or field.value() not in EMPTY for field in fields)


def member_choice(label: str | Promise, members: Iterable[Member]) -> forms.ChoiceField:
    """Return the question for which member one acts; it is hidden, and answered, where there is but one."""
    choices = [(member.slug, member.name) for member in members]
    alone = len(choices) == 1
    return forms.ChoiceField(
        label=str(label),
        choices=choices,
        initial=choices[0][0] if alone else None,
        widget=forms.HiddenInput if alone else forms.RadioSelect,
    )


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path; None where a part is missing, or is no part at all."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def part_of(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a nested part of a draft; an API may have saved anything there, then it is taken as empty."""
    part = record.get(name)
    return part if isinstance(part, Mapping) else {}


def _answered(value: Any) -> Any:
    """Return what was answered of a part, however deep; None when nothing was.

    Browsers end lines as the network does; what a script or a file brought has plain line ends, and so have
    answers: else a text that nobody touched would count as changed.
    """
    if isinstance(value, str):
        value = value.replace("\r\n", "\n")
    if isinstance(value, Mapping):
        kept = {name: _answered(each) for name, each in value.items()}
        value = {name: each for name, each in kept.items() if each is not None}
    return None if value in EMPTY else value
