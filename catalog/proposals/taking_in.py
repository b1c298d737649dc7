"""Bytes on their way into the store: hashed and counted while they stream."""

import mimetypes
from collections.abc import Iterable, Iterator
from typing import Final

from provenance.blobs import get_store
from provenance.blobs.store import Blob, BlobTooLarge
from provenance.errors import Invalid

LARGEST_UPLOAD: Final = 16 * 2**30  # bytes of one file


class LineCount:
    """Counts the lines of text that streams through; a last line without a line end counts too."""

    def __init__(self) -> None:
        self.lines = 0
        self._last = b"\n"

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks on."""
        for chunk in chunks:
            self.lines += chunk.count(b"\n")
            self._last = chunk[-1:] or self._last
            yield chunk
        self.lines += self._last != b"\n"


def media_type_of(path: str, told: str | None = None) -> str:
    """Return the media type that the sender told, else the one that the name suggests."""
    return told or mimetypes.guess_type(path)[0] or "application/octet-stream"


def take_in(chunks: Iterable[bytes], media_type: str) -> tuple[Blob, int]:
    """Stream bytes into the store; return their address and, of text, the number of records (lines).

    Raises:
        Invalid: code ``file-too-large``.
    """
    count = LineCount()
    try:
        blob = get_store().put(count.passing(chunks), max_bytes=LARGEST_UPLOAD)
    except BlobTooLarge:
        raise too_large() from None
    return blob, count.lines if media_type.startswith(("text/", "application/json")) else 0


def too_large() -> Invalid:
    """Return the refusal of a file beyond ``LARGEST_UPLOAD``."""
    limit = f"A file has at most {LARGEST_UPLOAD // 2**30} GiB."
    return Invalid(limit, code="file-too-large", fields={"file": [limit]})
