import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from catalog.facts import inspect_file
from catalog.facts.columnar import plain
from tests.catalog.facts.hostile import warc

TEXTS = [f"This is sentence number {n}, and it is there to be counted." for n in range(40)]
LINES = "".join(f"{text}\n" for text in TEXTS).encode()
ROWS = [{"id": n, "text": text} for n, text in enumerate(TEXTS)]


def jsonl() -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in ROWS).encode()


def parquet() -> bytes:
    pq.write_table(pa.Table.from_pylist(ROWS), buffer := io.BytesIO())
    return buffer.getvalue()


def arrow() -> bytes:
    table, buffer = pa.Table.from_pylist(ROWS), io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as out:
        out.write_table(table)
    return buffer.getvalue()


CSV = b"id,text\n" + b"".join(b'%d,"%s"\n' % (row["id"], row["text"].encode()) for row in ROWS)
FORMATS = {
    "a.txt": LINES,
    "a.jsonl": jsonl(),
    "a.json": json.dumps(ROWS).encode(),
    "a.csv": CSV,
    "a.tsv": CSV.replace(b",", b"\t", 1),
    "a.parquet": parquet(),
    "a.arrow": arrow(),
    "a.warc": b"".join(warc(text.encode()) for text in TEXTS),
}
ENDINGS = {"txt": "text"}


def facts_of(folder: Path, name: str, data: bytes, **options):
    (path := folder / name).write_bytes(data)
    return inspect_file(path, name=name, **options)


@pytest.mark.parametrize("name", FORMATS)
def test_the_records_of_each_format_are_counted(name, tmp_path):
    facts = facts_of(tmp_path, name, FORMATS[name])
    ending = name.split(".")[-1]
    assert (facts.format, facts.records) == (ENDINGS.get(ending, ending), 40)
    assert facts.remarks == () or ending == "tsv"


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.parquet", "a.arrow"])
def test_the_columns_of_tables_are_named_with_their_types(name, tmp_path):
    facts = facts_of(tmp_path, name, FORMATS[name])
    assert [(column.name, column.type.removeprefix("large_")) for column in facts.columns] == [
        ("id", "int64"),
        ("text", "string"),
    ]


@pytest.mark.parametrize(
    "data", [LINES, b"a\r\nb\rc\n\n d \n", "a\u2028b\x0bc\x85d\n".encode(), b"caf\xe9\n"]
)
def test_lines_of_text_are_rows_as_datasets_has_them(data, tmp_path):
    facts = facts_of(tmp_path, "a.txt", data, preview_rows=100)
    path = str(tmp_path / "a.txt")
    rows = datasets.load_dataset("text", data_files=path, split="train", streaming=True, cache_dir=tmp_path)
    try:
        expected = tuple((plain(row["text"]),) for row in rows)
    except UnicodeDecodeError:
        expected = ()
    assert facts.preview == expected
    assert [(column.name, column.type) for column in facts.columns] == [("text", "string")][: len(expected)]


def test_a_text_is_read_without_the_readers_of_tables(tmp_path):
    (tmp_path / "a.txt").write_bytes(LINES)
    look = "inspect_file(Path(sys.argv[1]), name='a.txt'); print({'datasets', 'pyarrow'} & set(sys.modules))"
    code = f"import sys; from pathlib import Path; from catalog.facts import inspect_file; {look}"
    shown = subprocess.run([sys.executable, "-c", code, tmp_path / "a.txt"], capture_output=True, check=True)
    assert shown.stdout == b"set()\n"


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("zst", zstandard.compress)])
def test_a_compressed_file_has_the_facts_of_its_content(ending, pack, tmp_path):
    facts = facts_of(tmp_path, f"a.txt.{ending}", pack(LINES))
    assert facts.compression == {"gz": "gzip", "zst": "zstd"}[ending]
    assert (facts.unpacked_bytes, facts.records, facts.tokens.count) == (len(LINES), 40, len(LINES))


def test_a_zip_of_all_formats_counts_them_together(tmp_path):
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        for name, data in FORMATS.items():
            archive.writestr(name, data)
    facts = facts_of(tmp_path, "a.zip", buffer.getvalue())
    assert (facts.archive, facts.members, facts.records) == ("zip", 8, 320)


def test_a_tree_of_source_code_is_counted_by_language(tmp_path):
    licence = b"Community Data License Agreement - Permissive - Version 2.0\n"
    files = {"a/x.py": b"print(1)\n" * 99, "a/y.rs": b"fn main() {}\n", "a/LICENSE": licence}
    with tarfile.open(fileobj=(buffer := io.BytesIO()), mode="w:gz") as archive:
        for name, data in files.items():
            (item := tarfile.TarInfo(name)).size = len(data)
            archive.addfile(item, io.BytesIO(data))
    facts = facts_of(tmp_path, "a.tar.gz", buffer.getvalue())
    assert (facts.format, facts.archive, facts.compression) == ("source-code", "tar", "gzip")
    assert [(share.language, share.files) for share in facts.code] == [("Python", 1), ("Rust", 1)]
    assert [licence.expression for licence in facts.licences] == ["CDLA-Permissive-2.0"]


def test_a_preview_is_short_plain_text(tmp_path):
    data = json.dumps({"text": "a\x1b[31m\u202eb" + "c" * 999}).encode() + b"\n"
    (row,) = facts_of(tmp_path, "a.jsonl", data, preview_rows=5).preview
    assert row[0].startswith("a[31mbccc")
    assert len(row[0]) <= 300


def test_no_preview_unless_asked_for(tmp_path):
    assert facts_of(tmp_path, "a.jsonl", jsonl()).preview == ()


def test_a_table_may_be_separated_by_semicolons(tmp_path):
    facts = facts_of(tmp_path, "a.csv", b'a;b\n1;"x;y"\n2;z\n')
    assert ([column.name for column in facts.columns], facts.records) == (["a", "b"], 2)


def test_gzip_members_one_after_another_are_one_content(tmp_path):
    facts = facts_of(tmp_path, "a.txt.gz", gzip.compress(LINES) + gzip.compress(LINES) + bytes(64))
    assert (facts.records, facts.duplicates.exact) == (80, 0.5)


def test_importing_the_package_imports_no_table_reader():
    code = "import sys, catalog.facts; print({'datasets', 'torch', 'pyarrow', 'django'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed == "set()\n"
