"""What we give out: the report of a batch, and an example of a table. Nothing in it calculates."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from catalog.batches.faults import faults_of
from catalog.batches.fields import FIELDS
from catalog.batches.models import Batch, Row
from catalog.batches.report import name_of_row

_CALCULATES: Final = ("=", "+", "-", "@", "\t", "\r")
_HEADING: Final = ("row", "state", "faults", "remedies", "draft")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(_CALCULATES) else text


def report_lines(batch: Batch) -> Iterator[str]:
    """Yield the report as CSV: of each row state, faults, remedies and draft, then its cells as they are."""
    columns = [column for column, _path in batch.columns]
    yield _line([*_HEADING, *columns])
    for row in _rows(batch):
        faults = faults_of(row.faults)
        told = [f"{fault.column}: {fault.message}" if fault.column else fault.message for fault in faults]
        cells = [str(row.number), row.state, " ".join(told), " ".join(fault.remedy for fault in faults)]
        draft = row.proposal.get_absolute_url() if row.proposal else ""
        yield _line([*cells, draft, *(row.values.get(column, "") for column in columns)])


def report_document(batch: Batch) -> dict[str, Any]:
    """Return the report as JSON."""
    return {
        "batch": str(batch.pk),
        "name": batch.name,
        "format": batch.format,
        "state": batch.state,
        "columns": [{"column": column, "path": path} for column, path in batch.columns],
        "constants": batch.constants,
        "rows": [row_document(row, batch) for row in _rows(batch)],
    }


def row_document(row: Row, batch: Batch) -> dict[str, Any]:
    """Return a row with its faults in words."""
    return {
        "number": row.number,
        "state": row.state,
        "title": name_of_row(row, batch.columns),
        "values": row.values,
        "faults": [
            {
                "field": fault.field,
                "column": fault.column,
                "code": fault.code,
                "message": fault.message,
                "remedy": fault.remedy,
            }
            for fault in faults_of(row.faults)
        ],
        "proposal": str(row.proposal_id) if row.proposal_id else None,
    }


def example_table() -> str:
    """Return a table with a column for each field and a row that can be read."""
    fields = [field for field in FIELDS.values() if field.example]
    return _line([field.path for field in fields]) + _line([field.example for field in fields])


def _rows(batch: Batch) -> Iterator[Row]:
    return batch.rows.select_related("proposal").order_by("number").iterator(chunk_size=500)


def _line(cells: list[str]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerow(map(safe_cell, cells))
    return text.getvalue()
