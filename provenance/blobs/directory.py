"""Blobs in a directory of this machine, or of one that all workers mount: `blobs/ab/abcd…`."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from provenance.blobs.directory_staging import DirectoryStaging
from provenance.blobs.staging import INCOMING
from provenance.blobs.store import Blob, BlobMissing, BlobStoreError, Intake, Stretch, checked_digest

GIB = 1024**3


class DirectoryStore:
    """A BlobStore under `root`, which is made when first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._drafts = root / INCOMING
        self.staging = DirectoryStaging(root, self._publish)

    def __repr__(self) -> str:
        return f"DirectoryStore({self._root})"

    def put(
        self, chunks: Iterable[bytes], *, expected_sha256: str | None = None, max_bytes: int | None = None
    ) -> Blob:
        """See BlobStore. The file is flushed before it gets its name: a power cut leaves no half blob."""
        intake = Intake(expected_sha256=expected_sha256, max_bytes=max_bytes)
        with _working(self._root):
            self._drafts.mkdir(parents=True, exist_ok=True)
            draft = NamedTemporaryFile(dir=self._drafts, buffering=0, delete=False)  # noqa: SIM115 - closed below
        try:
            with draft:
                for chunk in intake.passing(chunks):
                    with _working(self._root):
                        _write_all(draft.fileno(), chunk)
                blob = intake.blob()
                with _working(self._root):
                    os.fchmod(draft.fileno(), 0o440)
                    os.fsync(draft.fileno())
            with _working(self._root):
                self._publish(Path(draft.name), blob.sha256)
        finally:
            Path(draft.name).unlink(missing_ok=True)
        return blob

    def open(self, sha256: str, *, start: int = 0) -> BinaryIO:
        """See BlobStore."""
        if start < 0:
            raise ValueError("A blob is read from offset 0 or later.")
        path = self._path(sha256)
        with _working(self._root, sha256):
            file = path.open("rb")
        file.seek(start)
        return file

    def size(self, sha256: str) -> int:
        """See BlobStore."""
        path = self._path(sha256)
        with _working(self._root, sha256):
            return path.stat().st_size

    def exists(self, sha256: str) -> bool:
        """See BlobStore."""
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        """See BlobStore."""
        path = self._path(sha256)
        with _working(self._root):
            path.unlink(missing_ok=True)

    @contextmanager
    def local_path(self, sha256: str) -> Iterator[Path]:
        """See BlobStore. It is the blob's own file."""
        path = self._path(sha256)
        if not path.is_file():
            raise BlobMissing(f"There is no blob {sha256}.")
        yield path

    def local_stretches(self, sha256: str, stretches: Iterable[Stretch]) -> AbstractContextManager[Path]:
        """See BlobStore. It is the blob's own file, whatever is wanted of it."""
        del stretches
        return self.local_path(sha256)

    def address(self, sha256: str) -> str:
        """See BlobStore. There is none."""
        checked_digest(sha256)
        return ""

    def check(self) -> str:
        """See BlobStore."""
        with _working(self._root):
            self._drafts.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._root).free
        if not os.access(self._drafts, os.W_OK | os.X_OK):
            raise BlobStoreError(f"The directory {self._root} is not writable.")
        return f"The directory {self._root} is writable and has {free / GIB:.1f} GiB free."

    def _path(self, sha256: str) -> Path:
        """Return the blob's file; 256 folders keep each of them short."""
        return self._root / checked_digest(sha256)[:2] / sha256

    def _publish(self, draft: Path, sha256: str) -> None:
        path = self._path(sha256)
        path.parent.mkdir(exist_ok=True)
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write_all(descriptor: int, chunk: bytes) -> None:
    """Write all of `chunk`; without a buffer, so that a full disk is met here and not again on closing."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def _working(root: Path, sha256: str | None = None) -> Iterator[None]:
    """Turn an error of the file system into one of the store; no file at an address is a missing blob."""
    try:
        yield
    except FileNotFoundError as error:
        if sha256 is None:
            raise BlobStoreError(f"The directory {root} does not work: {error.strerror}.") from error
        raise BlobMissing(f"There is no blob {sha256}.") from error
    except OSError as error:
        raise BlobStoreError(f"The directory {root} does not work: {error.strerror}.") from error
