"""CSV: the delimiter is the one that cuts most lines alike; a heading, then rows."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _

from catalog.batches.table import Cells, check_cell, check_length, name_columns, refusal

DELIMITERS: Final = (",", ";", "\t", "|")
_LINES_TRIED: Final = 20
_TRIED: Final = 64 * 1024  # characters
QUOTES: Final = "Close each quotation mark, and write one inside a quoted cell twice."


def read_delimited(text: str) -> tuple[tuple[str, ...], list[Cells]]:
    """Return the headings and the rows; lines without any cell are passed over.

    Raises:
        Invalid: codes ``table-malformed``, ``table-no-rows`` and those of ``catalog.batches.table``.
    """
    lines = _lines(text, sniff_delimiter(text))
    _number, headings = next(lines, (1, []))
    columns = name_columns(headings)
    rows: list[Cells] = []
    for line, cells in lines:
        rows.append(_row(len(rows) + 1, line, columns, cells))
        check_length(len(rows))
    if not rows:
        raise refusal("table-no-rows", _("The table has a heading and no row."), remedy="Add rows to it.")
    return columns, rows


def sniff_delimiter(text: str) -> str:
    """Return what cuts the first lines into the most cells, each into as many as the heading."""

    def fitness(delimiter: str) -> tuple[int, int]:
        try:
            lines = csv.reader(StringIO(text[:_TRIED], newline=""), delimiter=delimiter)
            widths = [
                len(line) for line, _number in zip(lines, range(_LINES_TRIED), strict=False) if any(line)
            ]
        except csv.Error:
            return (0, 0)
        width = widths[0] if widths else 0
        return (Counter(widths)[width], width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fitness)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that is not empty, with the number under which editors show its end."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        message = _("the table can not be read on: %(error)s.") % {"error": error}
        raise refusal("table-malformed", message, line=reader.line_num, remedy=QUOTES) from None


def _row(number: int, line: int, columns: tuple[str, ...], cells: list[str]) -> Cells:
    """Name the cells; what has no heading keeps the place that it stood in."""
    names = [*columns, *(_("cell %(n)d") % {"n": place} for place in range(len(columns) + 1, len(cells) + 1))]
    ragged = len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :])
    values = {
        name: kept
        for name, cell in zip(names, cells, strict=False)
        if (kept := check_cell(cell, line=line, column=name))
    }
    return Cells(number, values, ragged)
