"""Streams out of gzip and zstd, watched while they unpack."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

import zstandard

from catalog.facts.errors import FileRefused
from catalog.facts.limits import CHUNK, RATIO_FROM, Limits

LARGEST_WINDOW: Final = 1 << 27
"""128 MiB: what ``zstd`` itself unpacks without being asked for more."""

ZSTD_STEP: Final = 2048
"""Packed bytes unpacked at a time: at worst they become 64 MiB, in blocks of 4 bytes that repeat one byte."""

_GZIP: Final = 31  # zlib's number for a 32 KiB window inside a gzip frame


@dataclass
class Budget:
    """What may still be unpacked, for a file and everything inside it.

    Attributes:
        packed: bytes of the file on disk. unpacked: bytes that have come out of all streams so far.
    """

    limits: Limits
    packed: int
    unpacked: int = 0
    members: int = 0

    def spend(self, size: int) -> None:
        """Count ``size`` unpacked bytes.

        Raises:
            FileRefused: ``unpacks-too-large``, ``ratio-too-high``.
        """
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise FileRefused("unpacks-too-large")
        if self.unpacked > RATIO_FROM and self.unpacked > self.packed * self.limits.ratio:
            raise FileRefused("ratio-too-high")

    def enter(self) -> None:
        """Count one member of an archive.

        Raises:
            FileRefused: ``too-many-members``.
        """
        self.members += 1
        if self.members > self.limits.members:
            raise FileRefused("too-many-members")


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of a file in pieces of at most 1 MiB."""
    while chunk := file.read(CHUNK):
        yield chunk


def ungzip(source: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    """Yield what gzip members one after another hold, at most 1 MiB at a time.

    Raises:
        FileRefused: ``gzip-broken``, or what the budget raises.
    """
    engine, waiting, ended = zlib.decompressobj(_GZIP), b"", True
    for packed in source:
        waiting += packed
        while waiting:
            if ended:
                waiting = waiting.lstrip(b"\0")  # padding, as tape drives wrote it
                if not waiting:
                    break
                engine = zlib.decompressobj(_GZIP)
            try:
                out = engine.decompress(waiting, CHUNK)
            except zlib.error as error:
                raise FileRefused("gzip-broken") from error
            ended = engine.eof
            waiting = engine.unused_data if ended else engine.unconsumed_tail
            if out:
                budget.spend(len(out))
                yield out
    if not ended:
        raise FileRefused("gzip-broken")


def unzstd(source: Iterator[bytes], budget: Budget) -> Iterator[bytes]:
    """Yield what zstd frames one after another hold.

    Raises:
        FileRefused: ``zstd-broken``, ``zstd-window``, or what the budget raises.
    """
    context = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW)
    engine, whole = context.decompressobj(), True
    for packed in source:
        for start in range(0, len(packed), ZSTD_STEP):
            waiting = packed[start : start + ZSTD_STEP]
            while waiting:
                if engine.eof:
                    engine = context.decompressobj()
                try:
                    out = engine.decompress(waiting)
                except zstandard.ZstdError as error:
                    raise FileRefused(_zstd_code(str(error))) from error
                waiting, whole = engine.unused_data if engine.eof else b"", engine.eof
                budget.spend(len(out))
                yield from (out[at : at + CHUNK] for at in range(0, len(out), CHUNK))
    if not whole:
        raise FileRefused("zstd-broken")


def _zstd_code(message: str) -> str:
    return "zstd-window" if "memory" in message.lower() or "window" in message.lower() else "zstd-broken"


class Reader(io.RawIOBase):
    """An iterator of bytes as a file that can be read, but not sought."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source, self._rest = source, memoryview(b"")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` with what is there, at least one byte before the end."""
        while not self._rest:
            piece = next(self._source, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
