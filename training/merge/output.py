"""A file that appears under its name complete or not at all."""

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import Self


class HashedFile:
    """Write once through a hidden neighbour, hash on the way, sync, rename.

    After a kill only `.<name>.<random>.partial` can be left beside the target, never the target itself, so
    whoever owns the folder may delete such files when no merge runs. An existing target is replaced.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._partial = target.with_name(f".{target.name}.{secrets.token_hex(8)}.partial")
        self._sha256 = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """Hex digest of all bytes written so far."""
        return self._sha256.hexdigest()

    def __enter__(self) -> Self:
        # Unbuffered: the chunks are large, and a buffer would only copy them once more.
        self._file = self._partial.open("xb", buffering=0)
        return self

    def write(self, data: bytes | memoryview) -> None:
        """Append all of `data`; raises OSError, for example when the disk is full."""
        rest = memoryview(data).cast("B")
        self._sha256.update(rest)
        self.bytes += len(rest)
        while rest:
            rest = rest[self._file.write(rest) :]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._file as file:
                if error is None:
                    os.fsync(file.fileno())
            if error is None:
                self._partial.replace(self._target)
                _sync_folder(self._target.parent)
        finally:
            self._partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    # The rename itself is only durable once the folder is.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
