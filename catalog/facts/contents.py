"""Which reader a content gets, and the way down into archives and compressed streams."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from catalog.facts.archives import Member, tar_members, zip_members
from catalog.facts.columnar import read_columnar
from catalog.facts.errors import FileRefused
from catalog.facts.gathering import Gathering
from catalog.facts.licences import licence_of_text
from catalog.facts.sniffing import HEAD, Kind, sniff
from catalog.facts.sourcecode import language_of, may_be_licence
from catalog.facts.textual import read_json, read_jsonl, read_table, read_text
from catalog.facts.unpacking import ungzip, unzstd
from catalog.facts.webarchive import read_warc

SURVIVABLE: Final = frozenset(
    {
        "utf-16", "parquet-broken", "arrow-broken", "warc-broken", "json-broken", "jsonl-broken",
        "csv-broken", "gzip-broken", "zstd-broken",
    }
)  # fmt: skip
"""What one member may be without the archive being refused: broken, but no danger."""

_INNER: Final = {".tgz": ".tar", ".gz": "", ".zst": "", ".tzst": ".tar"}


def read_content(
    source: Iterator[bytes],
    name: str,
    into: Gathering,
    *,
    media_type: str = "",
    path: Path | None = None,
    depth: int = 0,
) -> None:
    """Read a stream to its end, whatever it is.

    ``path`` is the file whose bytes ``source`` yields, if there is one; ``depth`` counts what is around it.

    Raises:
        FileRefused: with the code of what is wrong.
    """
    head = b""
    while len(head) < HEAD and (chunk := next(source, b"")):
        head += chunk
    kind = sniff(head[:HEAD], name, media_type)
    if kind.disagrees:
        into.remark("name-disagrees", f"{PurePosixPath(name).suffix} was promised, {kind.format} found.")
    if may_be_licence(name) and (found := licence_of_text(head[:HEAD], name)):
        into.licences.add(found)
    whole = chain([head], source)
    if kind.format in {"gzip", "zstd", "tar", "zip"}:
        _descend(kind, whole, name, into, path, depth)
    else:
        _read_leaf(kind, whole, name, into, path)


def _descend(
    kind: Kind, source: Iterator[bytes], name: str, into: Gathering, path: Path | None, depth: int
) -> None:
    if depth == into.budget.limits.nesting:
        raise FileRefused("nested-too-deep")
    into.ready = None
    if kind.format in {"gzip", "zstd"}:
        if depth == 0:
            into.compression = kind.format
        unpacked = (ungzip if kind.format == "gzip" else unzstd)(source, into.budget)
        read_content(unpacked, _inner_name(name), into, depth=depth + 1)
        return
    if into.archive == "none":
        into.archive = kind.format
    if kind.format == "tar":
        for member in tar_members(source, into.budget):
            _read_member(member, into, depth)
        return
    spooled = path or into.spool(source)
    with spooled.open("rb") as file:
        for member in zip_members(file, into.budget):
            _read_member(member, into, depth)


def _read_member(member: Member, into: Gathering, depth: int) -> None:
    into.members += 1
    before = into.unpacked_bytes
    try:
        read_content(member.content, member.name, into, depth=depth + 1)
    except FileRefused as refused:
        if refused.code not in SURVIVABLE:
            raise
        into.remark("member-refused", f"{refused.code}: {refused.message}")
    if language := language_of(member.name):
        files, size = into.code.get(language, (0, 0))
        into.code[language] = (files + 1, size + into.unpacked_bytes - before)


def _read_leaf(kind: Kind, source: Iterator[bytes], name: str, into: Gathering, path: Path | None) -> None:
    match kind.format:
        case "parquet" | "arrow":
            read_columnar(path or into.spool(source), kind.format, into)
        case "jsonl":
            read_jsonl(source, name, into)
        case "json":
            read_json(source, name, into)
        case "csv" | "tsv":
            read_table(source, name, into, kind=kind.format)
        case "warc":
            read_warc(source, into)
        case "text":
            read_text(source, name, into)
        case _:
            into.remark("nul-bytes" if kind.nul else "binary")
            for _ in into.leaf(source, "binary"):
                pass


def _inner_name(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.with_suffix(_INNER[path.suffix.lower()])) if path.suffix.lower() in _INNER else name
