"""What every blob store promises: bytes under their sha256, complete or not there at all."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from provenance.blobs.staging import Staging

Stretch = tuple[int, int]
"""Bytes of a blob: offset of the first, and of the one after the last."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobError(Exception):
    """A blob can not be kept or given. `code` is stable."""

    code = "blob-error"

    def __str__(self) -> str:
        """Return the sentence, which KeyError would put in quotes."""
        return str(self.args[0]) if self.args else self.code


class BlobDigestError(BlobError, ValueError):
    """An address is not 64 lower-case hex digits."""

    code = "blob-digest-malformed"


class BlobMissing(BlobError, KeyError):  # noqa: N818 - the name of the store's contract
    """There is no blob at this address."""

    code = "blob-missing"


class BlobMismatch(BlobError):  # noqa: N818 - the name of the store's contract
    """The bytes are not those that were announced."""

    code = "blob-mismatch"


class BlobTooLarge(BlobError):  # noqa: N818 - the name of the store's contract
    """There are more bytes than were allowed."""

    code = "blob-too-large"


class BlobStoreError(BlobError):
    """The store itself does not work: an operator has to look at it."""

    code = "blob-store-unavailable"


@dataclass(frozen=True, slots=True)
class Blob:
    """The address of kept bytes (64 lower-case hex digits) and how many there are."""

    sha256: str
    size: int


class BlobStore(Protocol):
    """Content-addressed bytes. All methods may be called from several threads and processes at once.

    Every method with an address raises BlobDigestError for one that is malformed, so that no path can be
    smuggled in, and every method raises BlobStoreError when the store does not work.
    """

    @property
    def staging(self) -> "Staging":
        """Where parts of a blob gather before they become one."""

    def put(
        self, chunks: Iterable[bytes], *, expected_sha256: str | None = None, max_bytes: int | None = None
    ) -> Blob:
        """Keep the bytes of `chunks` and return their address; the same bytes twice are one blob.

        Nothing can be read at the address before the last byte is there and hashed, and nothing is left
        when this raises.

        Raises:
            BlobMismatch: the bytes hash to another value than `expected_sha256`.
            BlobTooLarge: there are more than `max_bytes`; the rest is not read.
        """

    def open(self, sha256: str, *, start: int = 0) -> BinaryIO:
        """Return the bytes from offset `start` on as a stream to close; at or after the end there are none.

        Raises:
            BlobMissing: no such blob.
            ValueError: `start` is negative.
        """

    def size(self, sha256: str) -> int:
        """Return the number of bytes.

        Raises:
            BlobMissing: no such blob.
        """

    def exists(self, sha256: str) -> bool:
        """Return whether there is such a blob."""

    def delete(self, sha256: str) -> None:
        """Remove the blob; nothing happens if there is none."""

    def local_path(self, sha256: str) -> AbstractContextManager[Path]:
        """Give a file with the bytes, to be read only, for as long as the context lasts.

        Raises:
            BlobMissing: no such blob.
        """

    def local_stretches(self, sha256: str, stretches: Iterable[Stretch]) -> AbstractContextManager[Path]:
        """Give what `local_path` gives, good in these stretches only: what lies between need not be fetched.

        The file has the blob's size, and takes room for the stretches at most.

        Raises:
            BlobMissing: no such blob.
        """

    def address(self, sha256: str) -> str:
        """Return a URL from which the blob may be read for a quarter of an hour; empty where none is.

        Nobody can end such a read: only what may be read to its end whatever happens goes this way.
        """

    def check(self) -> str:
        """Return a sentence for the readiness page.

        Raises:
            BlobStoreError: the store can not be used now.
        """


def checked_digest(sha256: str) -> str:
    """Return `sha256` if it is an address.

    Raises:
        BlobDigestError: it is not 64 lower-case hex digits.
    """
    if not _SHA256.fullmatch(sha256):
        raise BlobDigestError("A blob's address is 64 lower-case hex digits.")
    return sha256


class Intake:
    """Counts and hashes bytes on their way in, and says what is wrong with them."""

    def __init__(self, *, expected_sha256: str | None, max_bytes: int | None) -> None:
        self._expected = None if expected_sha256 is None else checked_digest(expected_sha256)
        self._max_bytes = max_bytes
        self._hash = hashlib.sha256()
        self._size = 0

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks on, up to the one with which there are too many bytes.

        Raises:
            BlobTooLarge: with that one.
        """
        for chunk in chunks:
            self._size += len(chunk)
            if self._max_bytes is not None and self._size > self._max_bytes:
                raise BlobTooLarge(f"There are more than the {self._max_bytes} bytes that are allowed.")
            self._hash.update(chunk)
            yield chunk

    def blob(self) -> Blob:
        """Return what came in, after the last chunk.

        Raises:
            BlobMismatch: it is not what was expected.
        """
        sha256 = self._hash.hexdigest()
        if self._expected not in (None, sha256):
            raise BlobMismatch(f"The bytes hash to {sha256}, but {self._expected} was announced.")
        return Blob(sha256, self._size)
