"""Everything that is being found out about one file while its contents stream by."""

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from catalog.facts.counting import Counts
from catalog.facts.errors import REMARKS
from catalog.facts.licences import tagged_licences
from catalog.facts.model import Column, Licence, Remark
from catalog.facts.observing import Observer
from catalog.facts.unpacking import Budget

HEAD_KEPT: Final = 1 << 17
"""Bytes of the first records that columns and preview are read from."""

_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?!\s*:)')
_DEEPEST: Final = 50


@dataclass
class Gathering:
    """Collects facts; ``scratch`` is a folder for what can only be read from a file.

    Attributes:
        ready: counts of the whole file, where its bytes are its text and need no second count.
    """

    budget: Budget
    scratch: Path
    ready: Counts | None = None
    observer: Observer = field(default_factory=Observer)
    formats: Counter[str] = field(default_factory=Counter)
    code: dict[str, tuple[int, int]] = field(default_factory=dict)
    compression: str = "none"
    archive: str = "none"
    members: int = 0
    records: int = 0
    text_bytes: int = 0
    unpacked_bytes: int = 0
    encoding_errors: int = 0
    blank: bool = True
    columns: tuple[Column, ...] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)
    head: tuple[str, bytes] = ("", b"")
    delimiter: str = ","
    licences: set[Licence] = field(default_factory=set)
    remarks: dict[str, str] = field(default_factory=dict)

    def remark(self, code: str, detail: str = "") -> None:
        """Keep a remark once; the first detail stands."""
        self.remarks.setdefault(code, f"{REMARKS[code]} {detail}".strip())

    def told(self) -> tuple[Remark, ...]:
        """Return the remarks, by code."""
        return tuple(Remark(code=code, message=text) for code, text in sorted(self.remarks.items()))

    def leaf(self, source: Iterator[bytes], kind: str) -> Iterator[bytes]:
        """Pass a content's bytes through and count them."""
        counts = self.ready or Counts()
        for chunk in source:
            if not self.ready:
                counts.feed(chunk)
            yield chunk
        if not self.ready:
            counts.finish()
        self.unpacked_bytes += counts.size
        self.formats[kind] += max(1, counts.size)
        self.blank = self.blank and counts.blank
        if kind == "binary":
            return
        self.text_bytes += counts.size
        self.encoding_errors += counts.encoding_errors
        if kind == "text":
            self.records += counts.lines
        if counts.encoding_errors:
            self.remark("invalid-utf-8")

    def columnar(self, size: int, kind: str) -> None:
        """Count a content that is read from a file instead of a stream."""
        self.unpacked_bytes += size
        self.formats[kind] += max(1, size)
        self.blank = False

    def keep_head(self, kind: str, block: bytes) -> None:
        """Keep the first whole lines of the first content that has columns."""
        if not self.head[1]:
            cut = block.rfind(b"\n", 0, HEAD_KEPT) + 1
            self.head = (kind, block[:cut])

    def note_licences(self, block: bytes, where: str) -> None:
        """Keep the licences that a block of bytes is tagged with."""
        self.licences |= tagged_licences(block, where)

    def spool(self, source: Iterable[bytes]) -> Path:
        """Write a stream into the scratch folder and return the file."""
        with tempfile.NamedTemporaryFile(dir=self.scratch, delete=False) as file:
            file.writelines(source)
        return Path(file.name)


def strings_in(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the strings in a value as JSON or Arrow gives it, keys left out."""
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item, depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for item in value:
            yield from strings_in(item, depth + 1)


def readable(record: bytes) -> str:
    """Return the text of a sampled record; of JSON, perhaps clipped, the strings that are no keys."""
    text = record.decode("utf-8", "replace")
    if not text.startswith(("{", "[")):
        return text
    return " ".join(_unescape(found[1]) for found in _STRING.finditer(text)) or text


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
