"""What every store promises of bytes that come in parts: in any order, and one step at the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from provenance.blobs.store import Blob, BlobError

INCOMING = "incoming"
"""Folder, or key behind the prefix, of everything that is no blob yet."""


class StagingBusy(BlobError):  # noqa: N818 - named for what is the case
    """Parts are still being written, or somebody else is publishing; ask again."""

    code = "staging-busy"


class StagingMissing(BlobError, KeyError):  # noqa: N818 - named for what is the case
    """There is nothing under this handle: it was published, discarded or swept."""

    code = "staging-missing"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A part that lies in the staging: what the store answered for it, and its size in bytes."""

    receipt: str
    size: int


class Staging(Protocol):
    """Bytes on their way to becoming one blob. All methods may be called from several processes at once.

    Nothing of them can be read by anybody before `publish`, which hashes all of them. Every method raises
    BlobStoreError when the store does not work, and those with a handle StagingMissing.

    Attributes:
        least_part_bytes: what every part but the last has to have.
    """

    least_part_bytes: int

    def begin(self, *, size: int) -> str:
        """Make room for `size` bytes and return the handle under which they gather.

        Where the store can, the room is taken at once, so that a full disk is met before the first byte.
        """

    def write(self, handle: str, number: int, offset: int, chunks: Iterable[bytes]) -> str:
        """Keep part `number` (from 0), whose first byte is byte `offset` of the whole; return its receipt.

        The part is on the disk when this returns. It may be written again. When `chunks` raises, that error
        goes on, and what the part holds is unknown.
        """

    def arrived(self, handle: str) -> Mapping[int, Arrived]:
        """Return the parts that came past the coordinator, straight to the store, in the sizes they have."""

    def address(self, handle: str, number: int, *, size: int) -> str:
        """Return a URL to which part `number` of `size` bytes may be PUT for an hour; empty where none is."""

    def publish(self, handle: str, *, sha256: str, receipts: Mapping[int, str]) -> Blob:
        """Make the parts one blob, in one step and after hashing them; `receipts` are those of all parts.

        Raises:
            BlobMismatch: they hash to something else; all of them are discarded.
            StagingBusy: a part is being written just now.
        """

    def discard(self, handle: str) -> None:
        """Let everything under the handle go; nothing happens if there is nothing."""

    def sweep(self, before: datetime) -> int:
        """Let everything go that was last touched before `before`, whoever left it; return how many."""
