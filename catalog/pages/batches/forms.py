"""The forms around a batch: handing it in, telling its columns, mending a row, affirming."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from catalog.batches.fields import FIELDS, TEXTS
from catalog.batches.models import Row
from catalog.members.models import Member
from catalog.pages.proposals.forms.base import CatalogForm
from catalog.proposals.wording import name_of

PARTS: Final = {
    "start": _("first day"),
    "end": _("last day"),
    "bytes": _("bytes"),
    "records": _("records"),
    "tokens": _("tokens"),
    "tokenizer": _("tokenizer"),
    "methods": _("methods"),
    "curation": _("curation"),
    "deduplication": _("removal of duplicates"),
    "filters": _("filters"),
    "tools": _("tools"),
    "score": _("score"),
    "method": _("how it was measured"),
    "duplication": _("share of duplicates"),
    "known_bias": _("known bias"),
    "limits": _("limits"),
}
"""What parts of a record are called whose whole has one name: ``size.bytes`` is declared size, in bytes."""
_LONG: Final = 60  # characters from which on a cell gets a box of several lines


class NewForm(CatalogForm):
    """A table, as a file or pasted."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, JSON, JSON lines or an export of HubSpot; at most 5,000 rows and 10 MiB."),
        required=False,
        allow_empty_file=True,
    )
    text = forms.CharField(
        label=_("Or paste the table"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, *arguments: Any, slugs: Iterable[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.members = list(Member.objects.filter(slug__in=sorted(slugs)))
        self.fields["member"] = forms.ModelChoiceField(
            label=_("For which member?"),
            queryset=Member.objects.filter(slug__in=sorted(slugs)),
            to_field_name="slug",
            empty_label=None,
            initial=self.members[0].slug if len(self.members) == 1 else None,
            widget=forms.RadioSelect if len(self.members) > 1 else forms.HiddenInput,
        )
        self.order_fields(["member"])

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("file") and not (given.get("text") or "").strip():
            self.add_error("file", translated("Choose a file, or paste the table."))
        return given


class ColumnsForm(CatalogForm):
    """Which field of the record each column fills. Fields are named by the column's place."""

    def __init__(
        self,
        *arguments: Any,
        columns: Sequence[tuple[str, str]],
        examples: Mapping[str, Sequence[str]],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.columns = columns
        choices = path_choices([path for _column, path in columns])
        for place, (column, path) in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=choices, initial=path, required=False
            )
        self.rows = [
            (self[f"column_{place}"], column, examples.get(column, ()))
            for place, (column, _path) in enumerate(columns)
        ]

    def chosen(self) -> dict[str, str]:
        """Return the path for each column, "" where it is left out."""
        return {
            column: self.cleaned_data[f"column_{place}"] for place, (column, _path) in enumerate(self.columns)
        }

    def take_over(self, refusals: Mapping[str, list[str]]) -> None:
        """Show a service's messages at the columns that they are about, others above the form."""
        places = {column: f"column_{place}" for place, (column, _path) in enumerate(self.columns)}
        for column, texts in refusals.items():
            for text in texts:
                self.add_error(places.get(column), text)


class Cell(forms.CharField):
    """A cell of a row. It may be empty, and is not marked as optional: whether it is, the record decides."""

    def validate(self, value: str) -> None:
        """Take it as it is."""


class RowForm(CatalogForm):
    """A row's cells, each with its faults beside it; those that have one stand first."""

    def __init__(self, *arguments: Any, row: Row, **options: Any) -> None:
        super().__init__(*arguments, **options)
        paths = dict(row.batch.columns)
        self.columns = list(dict.fromkeys([*paths, *sorted(row.values)]))
        for place, column in enumerate(self.columns):
            self.fields[f"cell_{place}"] = _cell_field(
                column, paths.get(column, ""), row.values.get(column, "")
            )
        if any(fault["code"] == "duplicate" for fault in row.faults):
            label = _("Keep it anyway: it is another dataset than the one that looks the same.")
            self.fields["keep_duplicate"] = forms.BooleanField(label=label, required=False)
        faulty = (self.name_of(fault.get("column", "")) for fault in row.faults)
        self.order_fields([*(name for name in faulty if name), "keep_duplicate"])

    @classmethod
    def data_of(cls, row: Row) -> dict[str, str]:
        """Return a row's texts as this form sends them; where one is suggested, that stands there instead."""
        columns = list(dict.fromkeys([*(column for column, _path in row.batch.columns), *sorted(row.values)]))
        suggested = {fault.get("column"): fault.get("suggestion") for fault in row.faults}
        return {
            f"cell_{place}": suggested.get(column) or row.values.get(column, "")
            for place, column in enumerate(columns)
        }

    def values(self) -> dict[str, str]:
        """Return the texts by column."""
        return {column: self.cleaned_data[f"cell_{place}"] for place, column in enumerate(self.columns)}

    def name_of(self, column: str) -> str | None:
        """Return the field of a column; None where the table has no such column."""
        return f"cell_{self.columns.index(column)}" if column in self.columns else None


class AffirmAllForm(CatalogForm):
    """The affirmation for all drafts that are handed in."""

    affirmed = forms.BooleanField(
        label=_("My member owns these data, or holds the rights to share them, row for row as described."),
        error_messages={"required": _("Affirm this: without it nobody may review them.")},
    )


def path_choices(taken: Iterable[str]) -> list[tuple[str, str]]:
    """Return what a column can fill, in words; texts also in each language of the site and the table."""
    tags = [
        *(code for code, _name in settings.LANGUAGES),
        *(path.partition(".")[2] for path in taken if path.startswith(TEXTS)),
    ]
    found = [("", translated("Leave it out"))]
    for path in FIELDS:
        found.append((path, label_of_path(path)))
        if path in TEXTS:
            found.extend(
                (f"{path}.{tag}", f"{label_of_path(path)} [{tag}]")
                for tag in dict.fromkeys(filter(None, tags))
            )
    return found


def label_of_path(path: str) -> str:
    """Return what a path is called, with which part of it is meant where several are called alike."""
    name = capfirst(str(name_of(path)))
    part = None if path.startswith(TEXTS) else PARTS.get(path.rpartition(".")[2])
    return f"{name}: {part}" if part else name


def _cell_field(column: str, path: str, text: str) -> forms.CharField:
    widget: forms.Widget = forms.TextInput()
    if len(text) > _LONG or "\n" in text or path.startswith(("summary", "description")):
        widget = forms.Textarea(attrs={"rows": 4})
    said = label_of_path(path) if path else translated("left out")
    return Cell(label=column, help_text=said, strip=False, widget=widget)
