"""The HTTP server at the coordinator's end of a line: it hands out tasks and counts every byte."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

    from training.experiment.lines import Line

CHUNK: Final = 1 << 16


class LineServer(ThreadingHTTPServer):
    """Serves one node, on an address of the line's host."""

    daemon_threads = True

    def __init__(self, line: Line) -> None:
        self.line = line
        super().__init__((line.host, 0), Handler)


class Counted:
    """A stream whose bytes are counted: a stand-in for the handler's own."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.count = stream, 0

    def read(self, size: int = -1) -> bytes:
        """Read from the stream."""
        return self._add(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Read a line from the stream."""
        return self._add(self._stream.readline(size))

    def write(self, data: bytes) -> int:
        """Write to the stream, which takes all of it."""
        self._stream.write(self._add(data))
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _add(self, data: bytes) -> bytes:
        self.count += len(data)
        return data


class Handler(BaseHTTPRequestHandler):
    """GET /task · GET /weights/<sha256> · PUT /updates/<number> · POST /failures/<number>."""

    protocol_version = "HTTP/1.1"
    server: LineServer

    def setup(self) -> None:
        """Count from the first byte on."""
        super().setup()
        self._in, self._out = Counted(self.rfile), Counted(self.wfile)
        streams: tuple[Any, Any] = (self._in, self._out)
        self.rfile, self.wfile = streams

    def do_GET(self) -> None:
        """Wait with the node for its next task, or send weights."""
        kind, _, name = self.path[1:].partition("/")
        if kind == "task":
            task = self.server.line.next_task()
            self._say(HTTPStatus.OK if task else HTTPStatus.GONE, task.model_dump_json() if task else "")
        elif name in self.server.line.weights:
            self._send(self.server.line.weights[name])
        else:
            self._say(HTTPStatus.NOT_FOUND)
        self._count(kind)

    def do_PUT(self) -> None:
        """Take an update; it counts as done once the node was told, so that all its bytes are counted."""
        target = self.server.line.inbox / f"{self._number}.safetensors"
        missing = int(self.headers["Content-Length"])
        with target.open("wb") as file:
            while missing and (data := self.rfile.read(min(CHUNK, missing))):
                file.write(data)
                missing -= len(data)
        self._say(HTTPStatus.CREATED)
        self._count("updates")
        self.server.line.finish(self._number, target)

    def do_POST(self) -> None:
        """Take the reason why there is no update."""
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(HTTPStatus.CREATED)
        self.server.line.finish(self._number, said)

    def log_message(self, *args: object) -> None:
        """Stay silent: what matters is counted."""

    @property
    def _number(self) -> int:
        return int(self.path.rpartition("/")[2])

    def _say(self, status: HTTPStatus, body: str = "") -> None:
        self._begin(status, len(body.encode()))
        self.wfile.write(body.encode())

    def _send(self, path: Path) -> None:
        self._begin(HTTPStatus.OK, path.stat().st_size)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                self.wfile.write(chunk)

    def _begin(self, status: HTTPStatus, size: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _count(self, kind: str) -> None:
        self.server.line.up[kind] += self._in.count
        self.server.line.down[kind] += self._out.count
        self._in.count = self._out.count = 0
