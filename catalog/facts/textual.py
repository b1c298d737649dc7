"""Readers of what is text: lines, JSON, JSON lines and tables with delimiters."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Final

from catalog.facts.errors import FileRefused
from catalog.facts.gathering import Gathering, strings_in
from catalog.facts.lines import blocks

_BATCH: Final = 1_000
_BOM: Final = b"\xef\xbb\xbf"


def read_text(source: Iterator[bytes], name: str, into: Gathering) -> None:
    """Read lines; each that is not blank is a record of the samples."""
    for block in _blocks(into.leaf(source, "text"), name, into):
        into.keep_head("text", block)
        into.observer.observe(block)


def read_jsonl(source: Iterator[bytes], name: str, into: Gathering) -> None:
    """Read one JSON value a line; broken lines are counted and remarked.

    Raises:
        FileRefused: ``jsonl-broken`` where no line can be read.
    """
    total = broken = 0
    first = 0
    for block in _blocks(into.leaf(source, "jsonl"), name, into):
        into.keep_head("jsonl", block)
        for record in into.observer.observe(block):
            total += 1
            if not _is_json(record, into):
                broken += 1
                first = first or total
    if broken and broken == total:
        raise FileRefused("jsonl-broken")
    if broken:
        into.remark("broken-lines", f"{broken} of {total} records, the first is number {first}.")
    into.records += total


def _is_json(record: bytes, into: Gathering) -> bool:
    try:
        json.loads(record)
    except RecursionError:
        into.remark("nested-json")
        return False
    except ValueError:
        return False
    return True


def read_json(source: Iterator[bytes], name: str, into: Gathering) -> None:
    """Read one JSON document; the records are the items of a list, or the document itself.

    Raises:
        FileRefused: ``json-broken``, or ``jsonl-broken`` where it turns out to be lines.
    """
    content, held, size = into.leaf(source, "json"), [], 0
    for chunk in content:
        size += len(chunk)
        if size <= into.budget.limits.longest_record:
            held.append(chunk)
        else:
            held.clear()
    if size > into.budget.limits.longest_record:
        into.remark("json-too-large")
        return
    data = b"".join(held)
    into.note_licences(data, name)
    try:
        value = json.loads(data.removeprefix(_BOM))
    except RecursionError:
        into.remark("nested-json")
        return
    except ValueError as error:
        if "Extra data" not in str(error) or not data.strip():
            raise FileRefused("json-broken") from error
        _read_lines_after_all(data, into)
        return
    items = value if isinstance(value, list) else [value]
    into.records += len(items)
    into.observer.observe_texts([" ".join(strings_in(item)) for item in items])
    into.keep_head("jsonl", "".join(f"{json.dumps(item)}\n" for item in items[:_BATCH]).encode())


def _read_lines_after_all(data: bytes, into: Gathering) -> None:
    into.remark("name-disagrees", "It holds one JSON value a line, which belongs in .jsonl.")
    block = data.rstrip(b"\n") + b"\n"
    records = into.observer.observe(block)
    if not all(_is_json(record, into) for record in records):
        raise FileRefused("json-broken")
    into.records += len(records)
    into.keep_head("jsonl", block)


def read_table(source: Iterator[bytes], name: str, into: Gathering, *, kind: str) -> None:
    """Read comma- or tab-separated values whose first row names the columns.

    Raises:
        FileRefused: ``csv-broken``.
    """
    lines = _text_lines(into.leaf(source, kind), name, into, kind)
    first = next(lines, "")
    delimiter = "\t" if kind == "tsv" else max(",;\t|", key=first.count)
    into.delimiter = delimiter
    before = csv.field_size_limit(into.budget.limits.longest_record)
    try:
        rows = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
        width, total, ragged, waiting = len(next(rows, [])), 0, 0, []
        for row in rows:
            total += bool(row)
            ragged += bool(row) and len(row) != width
            waiting.append("\t".join(row))
            if len(waiting) == _BATCH:
                into.observer.observe_texts(waiting)
                waiting = []
        into.observer.observe_texts(waiting)
    except csv.Error as error:
        raise FileRefused("csv-broken") from error
    finally:
        csv.field_size_limit(before)
    if ragged:
        into.remark("ragged-rows", f"{ragged} of {total}.")
    into.records += total


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _text_lines(source: Iterator[bytes], name: str, into: Gathering, kind: str) -> Iterator[str]:
    for block in _blocks(source, name, into):
        into.keep_head(kind, block)
        yield from io.StringIO(block.decode("utf-8", "replace"), newline="")


def _blocks(source: Iterator[bytes], name: str, into: Gathering) -> Iterator[bytes]:
    first = True
    for block, cut in blocks(source, into.budget.limits.longest_record):
        if cut:
            into.remark("record-too-long")
        into.note_licences(block, name)
        yield block.removeprefix(_BOM) if first else block
        first = False
