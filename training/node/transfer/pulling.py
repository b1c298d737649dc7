"""One file from the coordinator, in ranges over several connections, hashed while it comes."""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from typing import Final, Protocol

from training.node.errors import Held, Interrupted, JobError, Unreachable
from training.node.transfer.limiting import Bucket
from training.node.transfer.ranges import LEAST, Ranges, Stretch
from training.node.transfer.streams import Streams
from training.node.transfer.wire import TROUBLES

HASH_BYTES: Final = 4 << 20
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Source(Protocol):
    """Who gives ranges of bytes: the coordinator, or whoever it sends us to."""

    patience: float
    stopping: threading.Event
    bucket: Bucket
    streams: int

    def reading(self, path: str, begin: int, end: int) -> AbstractContextManager[HTTPResponse]:
        """Give the answer to a request for bytes [begin, end)."""


class Pull:
    """One file on its way to ``target``, through ``<target>.part`` and the list of its missing ranges."""

    def __init__(self, source: Source, path: str, target: Path, *, sha256: str, size: int) -> None:
        self._source, self._path, self._target = source, path, target
        self._sha256, self._size = sha256, size
        self._part = target.with_name(f"{target.name}.part")
        self._list = target.with_name(f"{target.name}.part.json")

    def run(self) -> None:
        """Fetch what is missing; the target appears only complete and with the expected hash.

        Raises:
            JobError: ``input-mismatch``, and the coordinator's own codes. Held: ``disk-full``.
            Unreachable, Interrupted: what has come stays, and is not fetched again.
        """
        resumed = self._fetch()
        if self._found != self._sha256 and resumed:
            # What an earlier process noted may not have reached the disk before the power went.
            self._forget()
            self._fetch()
        if self._found != self._sha256:
            self._forget()
            raise JobError("input-mismatch", f"{self._path} gave other bytes than the manifest names")
        with _room():
            self._part.replace(self._target)
            self._list.unlink(missing_ok=True)

    def _fetch(self) -> bool:
        """Fetch all that is missing; return whether an earlier process had begun."""
        if not self._part.exists():
            self._list.unlink(missing_ok=True)
        wanted = max(min(self._source.streams, -(-self._size // LEAST)), 1)
        with _room():
            descriptor = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                self._ranges = Ranges(self._list, self._size, wanted)
                os.ftruncate(descriptor, self._size)
                if self._size:
                    os.posix_fallocate(descriptor, 0, self._size)
                self._streams = Streams(wanted)
                try:
                    self._streams.run(lambda: self._stream(descriptor), beside=lambda: self._hash(descriptor))
                finally:
                    self._ranges.save()
            finally:
                os.close(descriptor)
        return self._ranges.resumed

    def _stream(self, descriptor: int) -> None:
        """Fetch stretch after stretch until none is left."""
        heard = time.monotonic()
        while not self._streams.failed.is_set() and (stretch := self._ranges.take()) is not None:
            begin = stretch.at
            try:
                self._fetch_stretch(descriptor, stretch)
            finally:
                self._ranges.give_back(stretch)
            if stretch.at > begin:
                heard = time.monotonic()
            elif time.monotonic() - heard > self._source.patience or self._source.stopping.wait(0.2):
                raise Unreachable("read-cut", f"{self._path} ends at byte {stretch.at} of {self._size}")

    def _fetch_stretch(self, descriptor: int, stretch: Stretch) -> None:
        """Fetch as much of it as comes. A line that breaks is no error here: asking again tells why."""
        buffer = memoryview(bytearray(self._source.bucket.chunk))
        with self._source.reading(self._path, stretch.at, stretch.end) as response:
            while stretch.at < stretch.end and not self._streams.failed.is_set():
                if self._source.stopping.is_set():
                    raise Interrupted("node-stopping", "this node is shutting down")
                wanted = buffer[: min(len(buffer), stretch.end - stretch.at)]
                self._source.bucket.take(len(wanted), self._source.stopping)
                try:
                    count = response.readinto(wanted)
                except TROUBLES:
                    return
                if not count:
                    return
                _write_all(descriptor, wanted[:count], stretch.at)
                self._ranges.advance(stretch, count)

    def _hash(self, descriptor: int) -> None:
        """Hash from the first byte on, right behind what has come."""
        found, done = hashlib.sha256(), 0
        buffer = memoryview(bytearray(HASH_BYTES))
        while done < self._size and not self._streams.failed.is_set():
            end = self._ranges.beyond(done, 0.2)
            while done < end and not self._streams.failed.is_set():
                count = os.preadv(descriptor, [buffer[: min(len(buffer), end - done)]], done)
                found.update(buffer[:count])
                done += count
        self._found = found.hexdigest()

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._list.unlink(missing_ok=True)


def check_range(response: HTTPResponse, begin: int, end: int, path: str) -> None:
    """Raise JobError ``range-not-served`` unless the answer's first byte is ``begin``."""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        if str(response.headers.get("Content-Range", "")).startswith(f"bytes {begin}-{end - 1}/"):
            return
    elif response.status == HTTPStatus.OK and begin == 0:
        return
    raise JobError("range-not-served", f"{path}: no bytes {begin} to {end}, but HTTP {response.status}")


def _write_all(descriptor: int, chunk: memoryview, offset: int) -> None:
    while chunk:
        count = os.pwrite(descriptor, chunk, offset)
        chunk, offset = chunk[count:], offset + count


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Held("disk-full", f"no room for what this job needs: {error.strerror}") from error
        raise
