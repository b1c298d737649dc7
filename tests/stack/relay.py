"""A line between a node and its coordinator that a test can cut: it passes bytes on and counts them.

A node names it as its ``proxy``, so that the coordinator's address stays what it is.
"""

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

CHUNK = 16 << 10
LISTENING_SECONDS = 10.0


@dataclass
class Line:
    """One connection: what was asked for last on it, and both its ends."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    asked: str = ""

    def abort(self) -> None:
        """Cut it, as a line is cut: without a word to either side."""
        for end in (self.near, self.far):
            end.transport.abort()


@dataclass
class Relay:
    """Listens on ``host`` and passes everything on to 127.0.0.1:``target``.

    Attributes:
        cuts: piece of a request line (such as ``PUT``) → bytes after which the first line that carries it is
            cut, once.
        happened: the pieces whose cut has happened. passed: bytes, both ways, by each piece of ``cuts``.
    """

    target: int
    host: str = "127.0.0.1"
    port: int = 0
    cuts: dict[str, int] = field(default_factory=dict)
    happened: set[str] = field(default_factory=set)
    passed: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        """Listen from now on, in a thread of its own."""
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._listening.wait(LISTENING_SECONDS)

    def stop(self) -> None:
        """Cut every line and listen no more."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self._lines: set[Line] = set()
        server = await asyncio.start_server(self._connect, self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._ended.wait()
        server.close()

    async def _connect(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        try:
            back, far = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            near.transport.abort()
            return
        line = Line(near, far)
        await asyncio.gather(
            self._pass_on(line, reader, far, asks=True), self._pass_on(line, back, near, asks=False)
        )
        line.abort()

    async def _pass_on(
        self, line: Line, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool
    ) -> None:
        """Pass one direction on until it ends. A request begins where nothing of the last is under way."""
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                if asks and chunk.split(b" ", 1)[0] in {b"GET", b"PUT", b"POST"}:
                    line.asked = chunk.split(b"\r\n", 1)[0].decode("latin-1")
                sink.write(chunk)
                await sink.drain()
                if self._is_cut(line.asked, len(chunk)):
                    break
        line.abort()

    def _is_cut(self, asked: str, count: int) -> bool:
        for piece, after in self.cuts.items():
            if piece in asked:
                self.passed[piece] += count
                if piece not in self.happened and self.passed[piece] >= after:
                    self.happened.add(piece)
                    return True
        return False
