"""One file to the coordinator, in parts over several connections; what is there already is not sent again."""

import hashlib
import os
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from training.node.errors import Interrupted, JobError
from training.node.transfer.limiting import Bucket
from training.node.transfer.streams import Streams

LEAST_PART: Final = 8 << 20
MOST_PART: Final = 64 << 20
PARTS: Final = 64  # at least so many of a file that is large enough
TURNS: Final = 4
AGAIN: Final = frozenset({"upload-missing", "parts-missing", "weights-mismatch"})
"""What the coordinator says of an upload that has to be opened once more."""
HASH_RATE: Final = 50e6  # bytes a second: the slowest store that we wait for at the end


class Sink(Protocol):
    """Who takes parts: the coordinator, or whoever it sends us to."""

    stopping: threading.Event
    bucket: Bucket
    streams: int

    def post(self, path: str, body: Mapping[str, Any], *, seconds: float = ...) -> dict[str, Any]:
        """Send a JSON object, return the one that comes back."""

    def put_part(self, path: str, url: str, part: "Part") -> None:
        """Send one part to ``url``, or where there is none to ``path``."""


class Part:
    """Bytes [begin, end) of an open file, to be sent as often as it takes."""

    def __init__(self, descriptor: int, begin: int, end: int, sink: Sink) -> None:
        self._descriptor, self._begin, self._end, self._sink = descriptor, begin, end, sink

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self._end - self._begin

    def digest(self) -> bytes:
        """Return the sha256, 32 bytes."""
        found = hashlib.sha256()
        for chunk in self._chunks(LEAST_PART >> 3):
            found.update(chunk)
        return found.digest()

    def chunks(self) -> Iterator[memoryview]:
        """Yield the bytes, no faster than the node may send; raises Interrupted when it stops."""
        for chunk in self._chunks(self._sink.bucket.chunk):
            if self._sink.stopping.is_set():
                raise Interrupted("node-stopping", "this node is shutting down")
            self._sink.bucket.take(len(chunk), self._sink.stopping)
            yield chunk

    def _chunks(self, size: int) -> Iterator[memoryview]:
        buffer, offset = memoryview(bytearray(min(size, self.size))), self._begin
        while offset < self._end:
            count = os.preadv(self._descriptor, [buffer[: self._end - offset]], offset)
            if not count:
                raise JobError("file-changed", "the file became shorter while it was sent")
            yield buffer[:count]
            offset += count


class Push:
    """One file on its way into the upload at ``path``."""

    def __init__(self, sink: Sink, path: str, file: Path, *, attempt: int, sha256: str, size: int) -> None:
        self._sink, self._path, self._file = sink, path, file
        self._attempt, self._sha256, self._size = attempt, sha256, size

    def run(self) -> dict[str, Any]:
        """Send what is missing and close; return the contribution's digest and state.

        Raises:
            JobError, Gone: the coordinator's own codes. Unreachable, Interrupted: what has arrived stays.
        """
        for turn in range(TURNS):
            try:
                self._send_all()
                return self._close()
            except JobError as error:
                if error.code not in AGAIN or turn == TURNS - 1:
                    raise
        raise AssertionError  # the last turn returns or raises

    def _send_all(self) -> None:
        """Send until nothing is missing: addresses of a store are given a few at a time."""
        last: list[int] | None = None
        while (opened := self._open())["missing"]:
            if opened["missing"] == last:
                raise JobError("parts-missing", f"{self._path}: parts that were sent are still missing")
            last = opened["missing"]
            self._send(opened)

    def _open(self) -> dict[str, Any]:
        part = min(max(self._size // PARTS, LEAST_PART), MOST_PART)
        body = {"attempt": self._attempt, "sha256": self._sha256, "bytes": self._size, "part_bytes": part}
        return self._sink.post(self._path, body)

    def _send(self, opened: Mapping[str, Any]) -> None:
        size = int(opened["part_bytes"])
        addresses = opened.get("addresses", {})
        numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in addresses or opened["missing"]:
            numbers.put(int(number))
        streams = Streams(min(self._sink.streams, numbers.qsize()))
        descriptor = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)

        def stream() -> None:
            with suppress(queue.Empty):
                while not streams.failed.is_set():
                    number = numbers.get_nowait()
                    begin = number * size
                    part = Part(descriptor, begin, min(begin + size, self._size), self._sink)
                    where = f"{self._path}{number}?attempt={self._attempt}"
                    self._sink.put_part(where, str(addresses.get(str(number), "")), part)

        try:
            streams.run(stream)
        finally:
            os.close(descriptor)

    def _close(self) -> dict[str, Any]:
        seconds = 30 + self._size / HASH_RATE
        while True:
            try:
                return self._sink.post(f"{self._path}close", {"attempt": self._attempt}, seconds=seconds)
            except JobError as error:
                if error.code != "upload-busy" or self._sink.stopping.wait(1):
                    raise
