"""Files that are broken or meant to harm: how each is made, and the code that it must be answered with.

A builder writes one file into a folder and returns its path. ``refused`` codes come as FileRefused,
``remarked`` ones as remarks. ``LIMITS`` are narrow, so that the files can be small.
"""

import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from catalog.facts import Limits

LIMITS = Limits(seconds=120, unpacked_bytes=1 << 30, members=1_000, longest_record=1 << 20)
TEXT = b"All human beings are born free and equal in dignity and rights.\n"
Builder = Callable[[Path], Path]


@dataclass(frozen=True)
class Hostile:
    build: Builder
    answer: Literal["refused", "remarked"]
    code: str
    limits: Limits = LIMITS


def write(name: str, data: bytes) -> Builder:
    def build(folder: Path) -> Path:
        (path := folder / name).write_bytes(data)
        return path

    return build


def one_long_line(folder: Path) -> Path:
    with (path := folder / "line.txt").open("wb") as file:
        for _ in range(200):
            file.write(b"a" * 1_000_000)
    return path


def gzip_bomb(folder: Path) -> Path:
    engine = zlib.compressobj(9, wbits=31)
    with (path := folder / "bomb.txt.gz").open("wb") as file:
        for _ in range(256):
            file.write(engine.compress(bytes(1 << 20)))
        file.write(engine.flush())
    return path


def zip_of(name: str, members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", method) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return buffer.getvalue()


def nested_bomb(folder: Path) -> Path:
    data = zip_of("0", {"0.txt": TEXT * 100})
    for level in range(1, 6):
        data = zip_of("", {f"{level}-{copy}.zip": data for copy in range(4)})
    return write("42.zip", data)(folder)


def wide_bomb(folder: Path) -> Path:
    return write("wide.zip", zip_of("", {f"{n}.txt": bytes(8 << 20) for n in range(16)}))(folder)


def lying_zip(folder: Path) -> Path:
    data = zip_of("", {"a.txt": TEXT * 10}, method=zipfile.ZIP_STORED)
    size = struct.pack("<L", len(TEXT) * 10)
    return write("lie.zip", data.replace(size, struct.pack("<L", 7)))(folder)


def encrypted_zip(folder: Path) -> Path:
    data = bytearray(zip_of("", {"a.txt": TEXT}))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return write("locked.zip", bytes(data))(folder)


def many_members(folder: Path) -> Path:
    with zipfile.ZipFile(path := folder / "many.zip", "w") as archive:
        for number in range(2_000):
            archive.writestr(str(number), b"")
    return path


def false_count(folder: Path) -> Path:
    """The end record claims few members and a directory of 4 GB."""
    data = bytearray(zip_of("", {"a.txt": TEXT}))
    data[-10:-6] = struct.pack("<L", 0xFFFFFFF0)
    return write("count.zip", bytes(data))(folder)


def repeated_member(folder: Path) -> Path:
    with tarfile.open(path := folder / "twice.tar", "w") as archive:
        for _ in range(2):
            (item := tarfile.TarInfo("a.txt")).size = len(TEXT)
            archive.addfile(item, io.BytesIO(TEXT))
    return path


def tar_with(name: str, kind: bytes, link: str = "") -> Builder:
    def build(folder: Path) -> Path:
        with tarfile.open(path := folder / "odd.tar", "w") as archive:
            item = tarfile.TarInfo(name)
            item.type, item.linkname = kind, link
            archive.addfile(item)
        return path

    return build


def tar_of_size(field: bytes) -> Builder:
    """A header whose size field is ``field``; the check sum is right."""
    header = bytearray(tarfile.TarInfo("a.txt").tobuf())
    header[124:136] = field
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return write("size.tar", bytes(header) + TEXT.ljust(512, b"\0") + bytes(1024))


def parquet(folder: Path) -> bytes:
    pq.write_table(pa.table({"text": [TEXT.decode()] * 50}), path := folder / "whole.parquet")
    return path.read_bytes()


def truncated_parquet(folder: Path) -> Path:
    return write("cut.parquet", parquet(folder)[:-20])(folder)


def hostile_pages(folder: Path) -> Path:
    """Footer intact, every page header overwritten with a Thrift varint that never ends."""
    data = bytearray(parquet(folder))
    footer = struct.unpack("<L", data[-8:-4])[0]
    data[4 : len(data) - 8 - footer] = b"\xff" * (len(data) - 12 - footer)
    return write("pages.parquet", bytes(data))(folder)


def hostile_footer(folder: Path) -> Path:
    data = bytearray(parquet(folder))
    data[-8:-4] = struct.pack("<L", 0x7FFFFFFF)
    return write("footer.parquet", bytes(data))(folder)


def broken_arrow(folder: Path) -> Path:
    table = pa.table({"text": [TEXT.decode()] * 50})
    with (
        pa.OSFile(str(path := folder / "whole.arrow"), "wb") as file,
        pa.ipc.new_file(file, table.schema) as out,
    ):
        out.write_table(table)
    data = bytearray(path.read_bytes())
    data[16:200] = b"\x7f" * 184
    return write("broken.arrow", bytes(data))(folder)


def warc(body: bytes, length: int | None = None) -> bytes:
    """One record; ``length`` is what it says about itself where that is not true."""
    length = len(body) if length is None else length
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def huge_window(folder: Path) -> Path:
    """A frame header that asks for a window of 2 GB, with a raw block behind it."""
    descriptor = (31 - 10) << 3
    frame = b"\x28\xb5\x2f\xfd" + bytes([0, descriptor]) + struct.pack("<L", len(TEXT) << 3 | 1)[:3] + TEXT
    return write("window.txt.zst", frame)(folder)


ROWS = b"".join(json.dumps({"text": f"row {n}"}).encode() + b"\n" for n in range(50))
DEEP = b"[" * 200_000 + b"]" * 200_000

KINDS: dict[str, Hostile] = {
    "an empty file": Hostile(write("empty.txt", b""), "refused", "empty-file"),
    "only white space": Hostile(write("blank.txt", b" \n\t\r\n" * 100), "refused", "only-whitespace"),
    "an empty file in gzip": Hostile(write("e.txt.gz", gzip.compress(b"")), "refused", "empty-file"),
    "bytes that are not UTF-8": Hostile(write("latin.txt", TEXT + b"caf\xe9\n"), "remarked", "invalid-utf-8"),
    "UTF-16": Hostile(write("wide.txt", TEXT.decode().encode("utf-16")), "refused", "utf-16"),
    "NUL bytes in a text": Hostile(write("nul.txt", TEXT + b"\0\0" + TEXT), "remarked", "nul-bytes"),
    "a line of 200 MB": Hostile(one_long_line, "remarked", "record-too-long"),
    "a truncated gzip": Hostile(write("cut.txt.gz", gzip.compress(TEXT * 99)[:-9]), "refused", "gzip-broken"),
    "a gzip bomb": Hostile(gzip_bomb, "refused", "ratio-too-high"),
    "gzip beyond the size allowed": Hostile(
        write("much.txt.gz", gzip.compress(TEXT * 999)),
        "refused",
        "unpacks-too-large",
        Limits(unpacked_bytes=9_999),
    ),
    "a nested zip bomb": Hostile(nested_bomb, "refused", "nested-too-deep"),
    "a wide zip bomb": Hostile(wide_bomb, "refused", "ratio-too-high"),
    "a zip that lies about sizes": Hostile(lying_zip, "refused", "zip-broken"),
    "a zip that climbs out": Hostile(
        write("up.zip", zip_of("", {"../../a": TEXT})), "refused", "unsafe-path"
    ),
    "a zip with a Windows path": Hostile(
        write("c.zip", zip_of("", {"C:\\a": TEXT})), "refused", "unsafe-path"
    ),
    "an encrypted zip": Hostile(encrypted_zip, "refused", "encrypted"),
    "a zip with too many members": Hostile(many_members, "refused", "too-many-members"),
    "a zip with a false directory": Hostile(false_count, "refused", "too-many-members"),
    "a truncated zip": Hostile(write("cut.zip", zip_of("", {"a": TEXT})[:-30]), "refused", "zip-broken"),
    "a tar with a link": Hostile(tar_with("a", tarfile.SYMTYPE, "/etc/passwd"), "refused", "unsafe-member"),
    "a tar with a device": Hostile(tar_with("a", tarfile.CHRTYPE), "refused", "unsafe-member"),
    "a tar with an absolute path": Hostile(tar_with("/a", tarfile.REGTYPE), "refused", "unsafe-path"),
    "a tar with one path twice": Hostile(repeated_member, "refused", "duplicate-member"),
    "a tar with a negative size": Hostile(tar_of_size(b"\xff" * 12), "refused", "tar-broken"),
    "a tar with a huge size": Hostile(tar_of_size(b"77777777777\0"), "refused", "tar-broken"),
    "a truncated Parquet file": Hostile(truncated_parquet, "refused", "parquet-broken"),
    "a Parquet file with hostile pages": Hostile(hostile_pages, "refused", "parquet-broken"),
    "a Parquet file with a hostile footer": Hostile(hostile_footer, "refused", "parquet-broken"),
    "a broken Arrow file": Hostile(broken_arrow, "refused", "arrow-broken"),
    "JSON lines with a broken one": Hostile(
        write("a.jsonl", ROWS + b'{"text": \n'), "remarked", "broken-lines"
    ),
    "JSON lines without a good one": Hostile(write("b.jsonl", b"{a\n{b\n"), "refused", "jsonl-broken"),
    "JSON nested too deeply": Hostile(write("deep.json", DEEP), "remarked", "nested-json"),
    "JSON that breaks off": Hostile(write("cut.json", b'{"text": ["a", '), "refused", "json-broken"),
    "a table with unbalanced quotes": Hostile(write("q.csv", b'a,b\n1,"2\n3,4\n'), "refused", "csv-broken"),
    "a table with ragged rows": Hostile(write("r.csv", b"a,b\n1,2\n3\n4,5,6\n"), "remarked", "ragged-rows"),
    "a WARC record with a false length": Hostile(
        write("a.warc", warc(TEXT * 3, 50) + warc(TEXT * 3)), "remarked", "warc-truncated"
    ),
    "a WARC file that is none": Hostile(write("b.warc", b"WARC/9\r\nnonsense"), "refused", "warc-broken"),
    "a name that lies": Hostile(write("a.txt", gzip.compress(TEXT)), "remarked", "name-disagrees"),
    "a zstd stream with a huge window": Hostile(huge_window, "refused", "zstd-window"),
    "a truncated zstd stream": Hostile(
        write("cut.txt.zst", zstandard.compress(TEXT * 99)[:-3]), "refused", "zstd-broken"
    ),
    "a name that reads backwards": Hostile(write("a\u202etxt.exe", TEXT), "refused", "unsafe-name"),
}
