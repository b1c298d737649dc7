"""Parts of a blob to be, written in place into one file: `blobs/incoming/<handle>.staged`."""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from provenance.blobs.staging import INCOMING, Arrived, StagingBusy, StagingMissing
from provenance.blobs.store import Blob, BlobMismatch, BlobStoreError, checked_digest

_HANDLE = re.compile(r"[0-9a-f]{32}")


class DirectoryStaging:
    """The Staging of a DirectoryStore under `root`; `keep` moves a whole file to its address.

    Writers share a lock on the file, the publisher holds it alone: what was hashed is what gets the address,
    whoever still has the file open.
    """

    least_part_bytes = 4096

    def __init__(self, root: Path, keep: Callable[[Path, str], None]) -> None:
        self._folder = root / INCOMING
        self._keep = keep

    def begin(self, *, size: int) -> str:
        """See Staging."""
        handle = secrets.token_hex(16)
        with self._working():
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(
                self._path(handle), os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600
            )
            try:
                if size:
                    os.posix_fallocate(descriptor, 0, size)
            except OSError:
                self._path(handle).unlink()
                raise
            finally:
                os.close(descriptor)
        return handle

    def write(self, handle: str, number: int, offset: int, chunks: Iterable[bytes]) -> str:  # noqa: ARG002
        """See Staging. A receipt says nothing here: the place of a part is its offset."""
        with self._opened(handle, fcntl.LOCK_SH) as descriptor:
            for chunk in chunks:
                rest = memoryview(chunk)
                while rest:
                    with self._working():
                        written = os.pwrite(descriptor, rest, offset)
                    offset += written
                    rest = rest[written:]
            with self._working():
                os.fdatasync(descriptor)
        return ""

    def arrived(self, handle: str) -> Mapping[int, Arrived]:  # noqa: ARG002
        """See Staging. Nothing comes past the coordinator."""
        return {}

    def address(self, handle: str, number: int, *, size: int) -> str:  # noqa: ARG002
        """See Staging. There is none."""
        return ""

    def publish(self, handle: str, *, sha256: str, receipts: Mapping[int, str]) -> Blob:  # noqa: ARG002
        """See Staging."""
        path = self._path(handle)
        with self._opened(handle, fcntl.LOCK_EX) as descriptor, self._working():
            with open(descriptor, "rb", buffering=0, closefd=False) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != checked_digest(sha256):
                path.unlink()
                raise BlobMismatch(f"The parts hash to {found}, but {sha256} was announced.")
            os.fchmod(descriptor, 0o440)
            os.fsync(descriptor)
            size = os.fstat(descriptor).st_size
            self._keep(path, sha256)
        return Blob(sha256, size)

    def discard(self, handle: str) -> None:
        """See Staging."""
        with self._working():
            self._path(handle).unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """See Staging. What a killed `put` left lies in the same folder, and goes with it."""
        gone = 0
        with self._working():
            for path in self._folder.glob("*") if self._folder.is_dir() else ():
                try:
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        gone += 1
                except FileNotFoundError:  # published or discarded meanwhile
                    continue
        return gone

    def _path(self, handle: str) -> Path:
        if not _HANDLE.fullmatch(handle):
            raise StagingMissing("There is no such handle.")
        return self._folder / f"{handle}.staged"

    @contextmanager
    def _opened(self, handle: str, lock: int) -> Iterator[int]:
        """Open the file under the lock; a file that lost its name while we waited is a missing one."""
        path = self._path(handle)
        with self._working():
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            except FileNotFoundError:
                raise StagingMissing(f"There is nothing under the handle {handle}.") from None
        try:
            with self._working():
                self._lock(descriptor, path, lock)
            yield descriptor
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int, path: Path, lock: int) -> None:
        try:
            fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
            named, opened = path.stat(), os.fstat(descriptor)
        except BlockingIOError:
            raise StagingBusy("These parts are in use by another request.") from None
        except FileNotFoundError:
            raise StagingMissing(f"There is nothing under the handle {path.stem}.") from None
        if (named.st_dev, named.st_ino) != (opened.st_dev, opened.st_ino):
            raise StagingMissing(f"There is nothing under the handle {path.stem}.")

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise BlobStoreError(f"The directory {self._folder} does not work: {error.strerror}.") from error
