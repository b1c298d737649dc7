"""A table as it was read, the bounds that it keeps, and how a table that can not be read is refused."""

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from provenance.errors import Invalid

MOST_BYTES: Final = 10 * 2**20
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 500
MOST_CHARACTERS: Final = 100_000  # of one cell: far more than any text of a record
LONGEST_HEADING: Final = 200  # characters
LOST: Final = "\ufffd"  # stands where a character could not be read

SAVE_AS_CSV: Final = "Save it as CSV in UTF-8, and hand that in."


@dataclass(slots=True)
class Cells:
    """One row: its cells by column, all of them text. ``ragged`` when there were too many or too few."""

    number: int
    values: dict[str, str]
    ragged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What was read: ``format`` is one of ``Batch.Format``, ``columns`` are the headings in their order."""

    format: str
    columns: tuple[str, ...]
    rows: list[Cells] = field(default_factory=list)


def refusal(
    code: str, message: str, *, line: int | None = None, column: str = "", remedy: str = SAVE_AS_CSV
) -> Invalid:
    """Return the refusal of a whole table; it names line (from 1 on) and column, where known."""
    if line is not None and column:
        message = _("Line %(line)d, column %(column)s: %(message)s") % {
            "line": line,
            "column": column,
            "message": message,
        }
    elif line is not None:
        message = _("Line %(line)d: %(message)s") % {"line": line, "message": message}
    return Invalid(message, code=code, requirement="DM:16", fields={"file": [message]}, remedy=_(remedy))


def name_columns(headings: list[str]) -> tuple[str, ...]:
    """Return headings that differ: an empty one takes its place as name, a repeated one a number.

    Raises:
        Invalid: code ``table-too-wide``.
    """
    check_width(len(headings))
    named: dict[str, None] = {}
    for place, heading in enumerate(headings, start=1):
        bare = name = bare_heading(heading) or _("column %(n)d") % {"n": place}
        copies = 1
        while name in named:
            copies += 1
            name = f"{bare} ({copies})"
        named[name] = None
    return tuple(named)


def bare_heading(heading: str) -> str:
    """Return a heading on one line, at most ``LONGEST_HEADING`` characters of it."""
    kept = heading.replace("\0", "").encode("utf-8", "replace").decode()
    return " ".join(kept.split())[:LONGEST_HEADING]


def check_width(columns: int) -> None:
    """Refuse a table with too many columns.

    Raises:
        Invalid: code ``table-too-wide``.
    """
    if columns > MOST_COLUMNS:
        message = _("The table has %(n)d columns; at most %(most)d are read.")
        remedy = "Take out columns that describe nothing."
        raise refusal("table-too-wide", message % {"n": columns, "most": MOST_COLUMNS}, line=1, remedy=remedy)


def check_cell(text: str, *, line: int, column: str) -> str:
    """Return a cell without the space around it.

    Raises:
        Invalid: code ``cell-too-long`` or ``cell-unreadable``.
    """
    if len(text) > MOST_CHARACTERS:
        message = _("a cell has more than %(most)d characters.") % {"most": MOST_CHARACTERS}
        remedy = "Describe the data in the table; the data themselves stay where they are."
        raise refusal("cell-too-long", message, line=line, column=column, remedy=remedy)
    if "\0" in text:
        raise refusal("cell-unreadable", _("a cell holds a NUL character."), line=line, column=column)
    if any("\ud800" <= character <= "\udfff" for character in text):  # as a JSON escape can smuggle one in
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.strip()


def check_length(rows: int) -> None:
    """Refuse a table with too many rows.

    Raises:
        Invalid: code ``table-too-long``.
    """
    if rows > MOST_ROWS:
        message = _("The table has more than %(most)d rows.") % {"most": MOST_ROWS}
        raise refusal(
            "table-too-long", message, remedy="Split it, and hand its parts in one after the other."
        )
