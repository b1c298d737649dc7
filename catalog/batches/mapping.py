"""Which column fills which path of the record: guessed by the headings, checked by the steward."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from catalog.batches.fields import SEVERAL, TEXTS, field_of
from catalog.batches.headings import path_of_heading
from catalog.datasets.vocabulary import check_language
from provenance.errors import Invalid

Columns = list[tuple[str, str]]
"""Pairs of a column and the path that it fills, "" where it is left out."""


def guess_columns(columns: Iterable[str]) -> Columns:
    """Return each column with the path that its heading names; of two for one scalar, the first."""
    guessed: Columns = []
    taken: set[str] = set()
    for column in columns:
        path = path_of_heading(column)
        field = field_of(path) if path else None
        if field is None or (path in taken and field.kind not in SEVERAL):
            path = ""
        taken.add(path)
        guessed.append((column, path))
    return _name_is_not_a_person(guessed)


def check_columns(known: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Return the columns with the paths that were chosen; what is not chosen is left out.

    Raises:
        Invalid: codes ``column-unknown``, ``path-unknown`` or ``path-twice``, with the columns as fields.
    """
    wrong: dict[str, list[str]] = {}
    code, taken = "path-unknown", dict[str, str]()
    for column, path in chosen.items():
        field = field_of(path) if path else None
        if column not in known:
            code, wrong[column] = "column-unknown", [_("The table has no such column.")]
        elif path and (field is None or not _language_known(path)):
            wrong[column] = [_("A record has no field %(path)s that a column can fill.") % {"path": path}]
        elif field is not None and path in taken and field.kind not in SEVERAL:
            message = _("The column %(other)s fills %(path)s already.")
            code, wrong[column] = "path-twice", [message % {"other": taken[path], "path": path}]
        taken.setdefault(path, column)
    if wrong:
        raise Invalid(_("Some columns can not be read like this."), code=code, fields=wrong)
    return [(column, chosen.get(column, "")) for column in known]


def _language_known(path: str) -> bool:
    top, _dot, language = path.partition(".")
    if top not in TEXTS or not language:
        return True
    try:
        check_language(language)
    except ValueError:
        return False
    return True


def _name_is_not_a_person(guessed: Columns) -> Columns:
    """Read "Name" beside a "Dataset name" as the contact's: the contribution form asks for both."""
    paths = [path for _column, path in guessed]
    if paths.count("title") < 2 or "contact.name" in paths:  # noqa: PLR2004 - a pair
        return guessed
    return [
        (column, "contact.name" if path == "title" and column.casefold() == "name" else path)
        for column, path in guessed
    ]
