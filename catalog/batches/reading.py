"""From the bytes of a file to a table of text."""

from django.utils.translation import gettext as _

from catalog.batches.decoding import DESCRIPTIONS_ALONE, decode
from catalog.batches.delimited import read_delimited
from catalog.batches.headings import plain_heading
from catalog.batches.hubspot import is_export
from catalog.batches.mapping import guess_columns
from catalog.batches.models import Batch
from catalog.batches.objects import read_array, read_lines
from catalog.batches.table import Table, refusal

__all__ = ["Table", "read_table"]


def read_table(name: str, data: bytes) -> Table:
    """Read a table of descriptions; ``name`` is the file's and decides only between one object and lines.

    Raises:
        Invalid: with line and column, where there are some; codes ``not-a-table``, ``table-…``, ``json-…``
            and ``cell-…``.
    """
    text = decode(data)
    start = text.lstrip()[:1]
    if start == "[":
        return Table(Batch.Format.JSON, *read_array(text))
    if start == "{":
        lines = name.lower().endswith((".jsonl", ".ndjson")) or "\n{" in text.strip()
        return Table(Batch.Format.LINES, *(read_lines if lines else read_array)(text))
    columns, rows = read_delimited(text)
    _check_describes(columns)
    export = is_export(map(plain_heading, columns))
    return Table(Batch.Format.HUBSPOT if export else Batch.Format.CSV, columns, rows)


def _check_describes(columns: tuple[str, ...]) -> None:
    """Refuse what is cut nowhere and has a heading that says nothing: a text, or data of another kind."""
    if len(columns) == 1 and not any(path for _column, path in guess_columns(columns)):
        message = _(
            "This is no table: it has one column, and its heading %(name)s names nothing of a description."
        )
        raise refusal("not-a-table", message % {"name": repr(columns[0][:40])}, remedy=DESCRIPTIONS_ALONE)
