"""The fast pass: hash, size, lines and validity of a file's bytes, with memory that does not grow."""

import codecs
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from catalog.facts.errors import FileRefused
from catalog.facts.limits import CHUNK

Progress = Callable[[int, int], None]
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass
class Counts:
    """Size in bytes, lines (a last one without a newline counts) and sequences that are not UTF-8."""

    size: int = 0
    lines: int = 0
    encoding_errors: int = 0
    blank: bool = True
    _last: int = field(default=10, repr=False)
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("strict"), repr=False
    )

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the stream in."""
        if not chunk:
            return
        self.size += len(chunk)
        self.lines += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord("\n")))
        self._last = chunk[-1]
        self.blank = self.blank and not chunk.strip()
        held, _ = self._decoder.getstate()
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self._count_errors(held + chunk)

    def finish(self) -> None:
        """Count what only the end of the stream decides."""
        self.lines += self._last != ord("\n")
        self.encoding_errors += bool(self._decoder.getstate()[0])

    def _count_errors(self, data: bytes) -> None:
        lenient = codecs.getincrementaldecoder("utf-8")("replace")
        text = lenient.decode(data)
        self.encoding_errors += text.count(_REPLACEMENT) - data.count(_REPLACEMENT.encode())
        self._decoder.setstate((lenient.getstate()[0], 0))


def count_file(path: Path, *, progress: Progress | None = None) -> tuple[str, Counts]:
    """Return the file's sha256 (hex) and its counts; ``progress`` gets bytes done and bytes in all.

    Raises:
        FileRefused: ``file-unreadable``.
    """
    digest, counts = hashlib.sha256(), Counts()
    try:
        with path.open("rb", buffering=0) as file, ThreadPoolExecutor(1) as beside:
            total = os.fstat(file.fileno()).st_size
            while chunk := file.read(CHUNK):
                hashing = beside.submit(digest.update, chunk)  # lets other threads run while it works
                counts.feed(chunk)
                hashing.result()
                if progress:
                    progress(counts.size, total)
    except OSError as error:
        raise FileRefused("file-unreadable") from error
    counts.finish()
    return digest.hexdigest(), counts
