"""JSON: an array of objects, or an object on each line. Nested ones become columns such as title.en."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from catalog.batches.table import Cells, bare_heading, check_cell, check_length, check_width, refusal

SEPARATOR: Final = "; "
DEEPEST: Final = 8
ARRAY_WANTED: Final = (
    "Hand in an array of objects, one for each dataset; a single one starts a single proposal."
)


def read_array(text: str) -> tuple[tuple[str, ...], list[Cells]]:
    """Read an array of objects.

    Raises:
        Invalid: codes ``json-malformed``, ``json-no-objects``, ``table-no-rows`` and those of
            ``catalog.batches.table``.
    """
    found = _parse(text, line=None)
    if not isinstance(found, list):
        raise refusal("json-no-objects", _("This JSON is no array."), remedy=ARRAY_WANTED)
    return _rows((place, each) for place, each in enumerate(found, start=1))


def read_lines(text: str) -> tuple[tuple[str, ...], list[Cells]]:
    """Read an object on each line; the refusals are those of ``read_array``."""
    lines = ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())
    return _rows((number, _parse(line, line=number)) for number, line in lines)


def _parse(text: str, *, line: int | None) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = _("this is no JSON: %(error)s, at character %(place)d.")
        told = {"error": error.msg, "place": error.colno}
        raise refusal(
            "json-malformed", message % told, line=line or error.lineno, remedy=ARRAY_WANTED
        ) from None
    except (RecursionError, ValueError):
        message = _("The JSON is nested too deeply, or holds a number that is too long.")
        raise refusal("json-malformed", message, remedy=ARRAY_WANTED) from None


def _rows(found: Iterator[tuple[int, Any]]) -> tuple[tuple[str, ...], list[Cells]]:
    columns: dict[str, None] = {}
    rows: list[Cells] = []
    for place, each in found:
        if not isinstance(each, Mapping):
            message = _("This is no object of names and values.")
            raise refusal("json-no-objects", message, line=place, remedy=ARRAY_WANTED)
        flat = {name: check_cell(text, line=place, column=name) for name, text in _flat(each)}
        rows.append(Cells(len(rows) + 1, {name: text for name, text in flat.items() if text}))
        check_length(len(rows))
        columns.update(dict.fromkeys(flat))
        check_width(len(columns))
    if not rows:
        raise refusal("table-no-rows", _("There is no object in it."), remedy=ARRAY_WANTED)
    return tuple(columns), rows


def _flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, each in value.items():
        path = f"{prefix}{bare_heading(name)}"
        if isinstance(each, Mapping) and each and depth < DEEPEST:
            yield from _flat(each, f"{path}.", depth + 1)
        else:
            yield path, _text(each)


def _text(value: Any) -> str:
    """Write a value as a cell: lists with semicolons, of named things the names, nothing as nothing."""
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return SEPARATOR.join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        named, address = value.get("name"), value.get("address") or value.get("url")
        if isinstance(named, str):
            return f"{named} <{address}>" if isinstance(address, str) else named
        return json.dumps(value, ensure_ascii=False)
    return str(value)
