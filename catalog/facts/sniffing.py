"""What a stream of bytes is, by its first bytes and its name."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from catalog.facts.errors import FileRefused

HEAD: Final = 1 << 16
"""Bytes looked at."""

_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow-stream"),
    (b"WARC/", "warc"),
    (b"%PDF-", "binary"),
    (b"\x7fELF", "binary"),
    (b"\x89PNG", "binary"),
)
_ENDINGS: Final = {
    ".gz": "gzip", ".tgz": "gzip", ".zst": "zstd", ".zip": "zip", ".tar": "tar", ".parquet": "parquet",
    ".arrow": "arrow", ".feather": "arrow", ".warc": "warc", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".json": "json", ".csv": "csv", ".tsv": "tsv", ".txt": "text", ".md": "text", ".rst": "text",
}  # fmt: skip
_MEDIA_TYPES: Final = {
    "application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "application/json": "json",
    "text/csv": "csv", "text/tab-separated-values": "tsv", "text/plain": "text", "application/warc": "warc",
}  # fmt: skip
_PACKED: Final = frozenset({"gzip", "zstd", "zip", "tar", "parquet", "arrow", "warc"})
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Kind:
    """``format`` of the content; ``disagrees`` where the name promises another; ``nul`` bytes in a text."""

    format: str
    disagrees: bool = False
    nul: bool = False


def sniff(head: bytes, name: str, media_type: str = "") -> Kind:
    """Return the kind of a stream that begins with ``head``.

    Raises:
        FileRefused: ``utf-16``.
    """
    promised = _ENDINGS.get(PurePosixPath(name).suffix.lower()) or _MEDIA_TYPES.get(media_type, "")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            found = "arrow" if kind == "arrow-stream" else kind
            return Kind(found, disagrees=promised not in {"", found})
    if head[257:262] == b"ustar" or promised == "tar":
        return Kind("tar", disagrees=promised not in {"", "tar"})
    if head.startswith(_UTF_16):
        raise FileRefused("utf-16")
    if promised in _PACKED:
        return Kind(promised)  # its own reader says in which way it is broken
    if b"\0" in head:
        return Kind("binary", nul=bool(promised))
    return _text(head, promised)


def _text(head: bytes, promised: str) -> Kind:
    if promised in {"csv", "tsv", "json", "jsonl"}:
        return Kind(promised)
    if promised == "" and head.lstrip()[:1] == b"{":
        return Kind("jsonl" if head.strip().count(b"\n{") else "json")
    return Kind("text")
