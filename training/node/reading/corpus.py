"""From checked files to examples, streamed through Hugging Face ``datasets``. Only for the computing child.

Whatever a file's size, one line or one batch of rows is in memory; any place in it can be returned to.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from training.manifest import HeldOut, Part, Reading
from training.node.learning.request import InputFile
from training.node.reading.readings import BadRecord, DataError, Example, example_of
from training.node.reading.text import is_held_out

LONGEST: Final = 2**24
"""Bytes of one record at most."""
ROWS: Final = 256
"""Rows of a table that are read at once."""
BUFFER: Final = 2**20


class Place(NamedTuple):
    """Between two records: how many bytes (of lines) and how many records lie before it."""

    offset: int = 0
    record: int = 0


def read_examples(file: InputFile, start: Place = Place()) -> Iterator[tuple[Example, Place]]:  # noqa: B008 - immutable
    """Yield the file's examples from a place on, each with the place behind it; empty records are left out.

    Raises:
        DataError: for the first record that is not what the file's reading says.
    """
    for row in _stream(file, start):
        record = int(row["record"])
        if len(row["text"]) > LONGEST:
            raise DataError.at("line-too-long", file.path, f"more than {LONGEST} bytes", line=record)
        try:
            example = example_of(row["text"], file.reading)
        except BadRecord as error:
            raise DataError.at(error.args[0], file.path, error.args[1], line=record) from None
        if example:
            yield example, Place(int(row["offset"]), record)


def is_wanted(example: Example, file: InputFile, rule: HeldOut, *, training: bool) -> bool:
    """Tell whether an example is for training, or (``training=False``) for evaluation."""
    if file.part is Part.SPLIT:
        return is_held_out(example.text, rule) is not training
    return (file.part is Part.TRAIN) is training


def read_held_out(file: InputFile, rule: HeldOut) -> Iterator[str]:
    """Yield the texts of a file that are kept for evaluation."""
    for example, _ in read_examples(file):
        if is_wanted(example, file, rule, training=False):
            yield example.text


def _stream(file: InputFile, start: Place) -> Iterator[dict[str, Any]]:
    """Yield {text, offset, record}: the place is that behind the record."""
    import datasets

    # The rows carry their place: datasets' own state would count from the beginning again.
    rows = datasets.IterableDataset.from_generator(
        _rows if file.reading is Reading.PARQUET_TEXT else _lines,
        gen_kwargs={"path": str(file.path), "offset": start.offset, "record": start.record},
    )
    return iter(rows)


def _lines(path: str, offset: int, record: int) -> Iterator[dict[str, Any]]:
    try:
        with Path(path).open("rb") as lines:
            lines.seek(offset)
            while raw := lines.readline(LONGEST + 1):
                offset, record = offset + len(raw), record + 1
                if len(raw) > LONGEST:
                    what = f"more than {LONGEST} bytes"
                    raise DataError.at("line-too-long", Path(path), what, line=record)
                try:
                    text = raw.decode("utf-8-sig" if record == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError:
                    raise DataError.at("bad-utf-8", Path(path), "this is not UTF-8", line=record) from None
                yield {"text": text, "offset": offset, "record": record}
    except OSError as error:
        raise DataError.at("file-unreadable", Path(path), error.strerror or "no such file") from None


def _rows(path: str, offset: int, record: int) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    unsound = (pa.ArrowException, UnicodeDecodeError, OSError)
    try:
        # No threads and nothing ahead: what reads ahead can wait forever when the process ends.
        with parquet.ParquetFile(path, buffer_size=BUFFER, pre_buffer=False) as table:
            kinds = {field.name: field.type for field in table.schema_arrow}
            if kinds.get("text") not in {pa.string(), pa.large_string()}:
                raise DataError.at("bad-record", Path(path), "there is no column `text` of texts")
            first, group = 0, 0
            while group < table.num_row_groups and first + table.metadata.row_group(group).num_rows <= record:
                first, group = first + table.metadata.row_group(group).num_rows, group + 1
            groups = list(range(group, table.num_row_groups))
            for batch in table.iter_batches(ROWS, row_groups=groups, columns=["text"], use_threads=False):
                texts = batch.column(0).to_pylist()
                for text in texts[max(record - first, 0) :]:
                    record += 1
                    yield {"text": text or "", "offset": offset, "record": record}
                first += len(texts)
    except unsound:
        # Arrow's own words may quote values.
        raise DataError.at("bad-parquet", Path(path), "this is not a sound Parquet file") from None
