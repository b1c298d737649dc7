"""A real server on loopback that answers as strangers do."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CARD = b"---\npretty_name: Letters\nlicense: mit\n---\n# Letters\n\nLetters, one a line.\n"
BOMB = gzip.compress(b" " * (6 * 2**20))


class Stranger(BaseHTTPRequestHandler):
    """Each path is a habit."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, self.path.strip("/").partition("?")[0].replace("-", "_") or "card")()

    def card(self) -> None:
        self.answer(CARD, "text/markdown; charset=utf-8")

    def packed(self) -> None:
        self.answer(gzip.compress(CARD), "text/plain", encoding="gzip")

    def bomb(self) -> None:
        self.answer(BOMB, "text/plain", encoding="gzip")

    def page(self) -> None:
        self.answer(b"<html></html>", "text/html")

    def cookie(self) -> None:
        self.redirect("/card", ("Set-Cookie", "a=b"))

    def round_and_round(self) -> None:
        self.redirect("/round-and-round")

    def inward(self) -> None:
        self.redirect(f"http://localhost:{self.server.server_port}/card")

    def missing(self) -> None:
        self.send_error(404)

    def endless(self) -> None:
        self.begin("text/plain")
        while not self.server.ended.is_set():
            self.wfile.write(b"x" * 65536)

    def slow(self) -> None:
        self.begin("text/plain")
        while not self.server.ended.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def broken(self) -> None:
        self.begin("text/plain", ("Content-Length", "1000"))
        self.wfile.write(b"x")

    def redirect(self, target: str, *headers: tuple[str, str]) -> None:
        self.send_response(302)
        for name, value in (("Location", target), ("Content-Length", "0"), *headers):
            self.send_header(name, value)
        self.end_headers()

    def begin(self, media_type: str, *headers: tuple[str, str]) -> None:
        self.close_connection = True
        self.send_response(200)
        for name, value in (("Content-Type", media_type), ("Connection", "close"), *headers):
            self.send_header(name, value)
        self.end_headers()

    def answer(self, body: bytes, media_type: str, encoding: str = "identity") -> None:
        self.begin(media_type, ("Content-Length", str(len(body))), ("Content-Encoding", encoding))
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        return


class Quiet(ThreadingHTTPServer):
    """Readers that hang up are the rule here."""

    daemon_threads = True

    def handle_error(self, *_arguments: Any) -> None:
        return


@contextmanager
def serving() -> Iterator[Any]:
    """The server, with what it was ``asked``; at the end all its threads have ended."""
    server: Any = Quiet(("127.0.0.1", 0), Stranger)
    server.asked, server.ended = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
