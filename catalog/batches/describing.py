"""From a row to the record of a draft, with every fault in its place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from catalog.batches.converting import read_cell
from catalog.batches.faults import Fault, Unreadable
from catalog.batches.fields import LISTS, TEXTS, Field, Kind, field_of
from catalog.datasets.record import DatasetRecord
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.intake.languages import language_of_text
from catalog.intake.licences import rights_of

TEXT_LANGUAGE: Final = "text_language"
"""The constant that says in which language texts are whose column does not say it."""
_RIGHTS: Final = "rights."


@dataclass(slots=True)
class Described:
    """What a row says. With ``faults`` it is no draft yet; ``sources`` are the columns by path."""

    record: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


def describe(
    columns: Iterable[tuple[str, str]], constants: Mapping[str, str], values: Mapping[str, str]
) -> Described:
    """Read the cells of a row by their columns; a constant stands where the row says nothing.

    Required fields that nobody filled are no faults: the draft's own checks tell of them. Where neither table
    nor constant answers for the rights, the text of a known licence does.
    """
    made = Described()
    open_texts: dict[str, str] = {}
    for path, column, text in _filled(list(columns), constants, values):
        kind = field_of(path)
        if kind is None:
            continue
        made.sources.setdefault(path, column)
        try:
            value = read_cell(kind, text)
        except Unreadable as wrong:
            made.faults.append(wrong.at(field=path, column=column))
            continue
        if path in TEXTS:
            open_texts[path] = _joined(open_texts.get(path), value, kind)
        else:
            _put(made.record, path, value, kind)
    _place_texts(made.record, open_texts, constants.get(TEXT_LANGUAGE, ""))
    _take_rights_of_licence(made)
    made.faults.extend(_misshapen(made))
    if not made.record.get("title") and not any(fault.field.startswith("title") for fault in made.faults):
        made.faults.append(Fault(code="title-missing", field="title", column=_column_for("title", columns)))
    return made


def _filled(
    columns: list[tuple[str, str]], constants: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield path, column and text of each answer; of a constant the column is ""."""
    told = [
        (path, column, text) for column, path in columns if path and (text := values.get(column, "").strip())
    ]
    yield from told
    answered = {path for path, _column, _text in told}
    yield from ((path, "", text) for path, text in constants.items() if text and path not in answered)


def _put(record: dict[str, Any], path: str, value: Any, kind: Field) -> None:
    *parents, last = path.split(".")
    place = record
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = _joined(place.get(last), value, kind)


def _joined(before: Any, value: Any, kind: Field) -> Any:
    """Several columns for one path: lists add up, texts follow each other, of others the first counts."""
    if before is None:
        return value
    if kind.kind in LISTS:
        return [*before, *(each for each in value if each not in before)]
    if kind.kind in {Kind.TEXT, Kind.TEXTS}:
        return f"{before} {value}"
    return before


def _place_texts(record: dict[str, Any], texts: Mapping[str, str], language: str) -> None:
    """Put texts whose column names no language under the one that they are in, as far as that is certain."""
    if texts:
        language = language or language_of_text("\n".join(texts.values()))
        for path, text in texts.items():
            record.setdefault(path, {}).setdefault(language, text)


def _take_rights_of_licence(made: Described) -> None:
    licence = made.record.get("licence", UNKNOWN_LICENCE)
    asked = any(path.startswith(_RIGHTS) for path in made.sources)
    if licence != UNKNOWN_LICENCE and not asked:
        made.record["rights"] = dict(rights_of(licence))


def _misshapen(made: Described) -> Iterator[Fault]:
    """Yield what the record says against single values; what lacks or disagrees is left to the draft."""
    try:
        DatasetRecord.model_validate(made.record)
    except ValidationError as refused:
        told: set[str] = set()
        for error in refused.errors(include_url=False):
            path = _source_of(error, made.sources)
            if path and path not in told:
                told.add(path)
                yield _shape_fault(error, path, made.sources[path])


def _source_of(error: ErrorDetails, sources: Mapping[str, str]) -> str:
    """Return the path that a column filled and that the error is at or in; "" where there is none."""
    if error["type"] == "missing":
        return ""
    place = ".".join(str(part) for part in error["loc"] if part != "[key]")
    return max(
        (path for path in sources if place == path or place.startswith(f"{path}.")), key=len, default=""
    )


def _shape_fault(error: ErrorDetails, path: str, column: str) -> Fault:
    limits = error.get("ctx", {})
    if error["type"] == "string_too_long":
        wrong = Unreadable("text-too-long", length=len(error["input"]), most=limits.get("max_length", ""))
    elif error["type"] == "too_long":
        wrong = Unreadable("too-many", most=limits.get("max_length", ""))
    else:
        wrong = Unreadable("value-invalid", reason=error["msg"].removeprefix("Value error, "))
    return wrong.at(field=path, column=column)


def _column_for(path: str, columns: Iterable[tuple[str, str]]) -> str:
    return next((column for column, filled in columns if filled.partition(".")[0] == path), "")
