"""Tables through Hugging Face ``datasets``: Parquet and Arrow files whole, of others the first rows.

Lines of text need no table, and no second of importing what reads tables.
"""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from catalog.facts.errors import FileRefused
from catalog.facts.gathering import Gathering, strings_in
from catalog.facts.model import Column

BATCH: Final = 256
"""Rows read at a time."""

ROWS_KEPT: Final = 100
_BUILDERS: Final = {
    "jsonl": "json",
    "csv": "csv",
    "tsv": "csv",
    "parquet": "parquet",
    "arrow": "arrow",
}


def read_columnar(path: Path, kind: str, into: Gathering) -> None:
    """Read every row of a Parquet or Arrow file.

    Raises:
        FileRefused: ``parquet-broken``, ``arrow-broken``.
    """
    into.columnar(path.stat().st_size, kind)
    try:
        for batch in _batches(path, kind, into.scratch):
            if not into.columns:
                into.columns = tuple(Column(name=field.name, type=str(field.type)) for field in batch.schema)
            into.records += batch.num_rows
            rows = batch.to_pylist()
            into.rows.extend(rows[: ROWS_KEPT - len(into.rows)])
            texts = [" ".join(strings_in(row)) for row in rows]
            into.text_bytes += into.observer.observe_texts([text for text in texts if text])
    except MemoryError:
        raise
    except Exception as error:  # a hostile file makes the readers raise whatever they have
        raise FileRefused(f"{kind}-broken") from error


def describe_head(into: Gathering) -> None:
    """Tell columns and first rows from the first lines that were kept, those of tables by ``datasets``."""
    kind, head = into.head
    if into.columns or not head.strip():
        return
    if kind == "text":
        _describe_lines(head, into)
    else:
        _describe_table(head, kind, into)


def _describe_lines(head: bytes, into: Gathering) -> None:
    """One column, a row a line, broken where ``datasets`` breaks it: at each of the universal newlines."""
    try:
        lines = io.StringIO(head.decode("utf-8"), newline=None)
    except UnicodeDecodeError:
        into.remark("columns-unknown")
        return
    into.columns = (Column(name="text", type="string"),)
    into.rows = [{"text": line.rstrip("\n")} for line in islice(lines, ROWS_KEPT)]


def _describe_table(head: bytes, kind: str, into: Gathering) -> None:
    path = into.spool([head])
    options = {"sep": into.delimiter} if kind in {"csv", "tsv"} else {}
    try:
        batch = next(_batches(path, kind, into.scratch, **options))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pandas and pyarrow raise many kinds; the columns are a convenience
        into.remark("columns-unknown")
        return
    into.columns = tuple(Column(name=field.name, type=str(field.type)) for field in batch.schema)
    into.rows = batch.slice(0, ROWS_KEPT).to_pylist()


def _batches(path: Path, kind: str, cache: Path, **options: Any) -> Iterator[Any]:
    """Yield ``pyarrow`` tables of a few rows, so that memory stays bounded by a row group."""
    import datasets

    datasets.disable_progress_bars()
    if kind == "parquet":
        from pyarrow.dataset import ParquetFragmentScanOptions

        options["batch_size"] = BATCH
        # Read as one goes: buffering ahead holds the whole file's columns in memory.
        options["fragment_scan_options"] = ParquetFragmentScanOptions(pre_buffer=False)
    rows = datasets.load_dataset(
        _BUILDERS[kind], data_files=str(path), split="train", streaming=True, cache_dir=str(cache), **options
    )
    yield from rows.with_format("arrow").iter(batch_size=BATCH)


def preview(rows: list[dict[str, Any]], limit: int) -> tuple[tuple[str, ...], ...]:
    """Return the first rows as short plain strings, in the order of the columns."""
    return tuple(tuple(plain(value) for value in row.values()) for row in islice(rows, limit))


LONGEST_CELL: Final = 300


def plain(value: Any) -> str:
    """Return a cell as one line without control or direction characters, at most 300 characters long."""
    text = "" if value is None else str(value)[: 2 * LONGEST_CELL]
    spaced = " ".join(text.split())
    return "".join(character for character in spaced if character.isprintable())[:LONGEST_CELL]
