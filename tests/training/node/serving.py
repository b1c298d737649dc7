"""A server on loopback that gives one file in ranges, plain or known by an authority; and a forward proxy."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class FileServer(ThreadingHTTPServer):
    """Serves ``content`` under every path. ``cut_after``: bytes after which each answer is cut, if any."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, content: bytes = b"{}") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.cut_after = content, None
        self.ranges: list[str] = []
        self.headers: list[dict[str, str]] = []

    def handle_error(self, *_: Any) -> None:
        """Keep the terminal clean of connections that tests cut."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FileServer

    def do_GET(self) -> None:
        wanted = self.headers.get("Range", "")
        self.server.ranges.append(wanted)
        self.server.headers.append(dict(self.headers))
        content = self.server.content
        first, last = (int(n) for n in wanted[6:].split("-")) if wanted else (0, len(content) - 1)
        last = min(last, len(content) - 1)
        body = content[first : last + 1]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        self.wfile.write(body[: self.server.cut_after])
        self.close_connection = self.server.cut_after is not None

    def log_message(self, *_: object) -> None:
        """Keep the terminal clean."""


@contextmanager
def serving(server: ThreadingHTTPServer, *, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve from a thread; give the origin."""
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def private_authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Return an authority's certificate (PEM), and how a server that it knows presents itself."""
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("Authority", key, "Authority", key.public_key(), authority=True)
    server = _certificate("Authority", key, "Server", own.public_key(), authority=False)
    (folder / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    pem = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(pem + server.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return folder / "ca.pem", context


def _certificate(issuer: str, key: Any, subject: str, public: Any, *, authority: bool) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .issuer_name(name(issuer))
        .subject_name(name(subject))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    )
    return made.sign(key, hashes.SHA256())


@contextmanager
def forward_proxy() -> Iterator[tuple[str, list[str]]]:
    """Run a forward proxy (CONNECT, and absolute addresses); give its URL and the lines it was asked with."""
    asked: list[str] = []
    started, ended = threading.Event(), asyncio.Event()
    found: dict[str, Any] = {}

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        asked.append(f"{method} {target}")
        host, _, port = (target if method == "CONNECT" else target.split("/")[2]).partition(":")
        there, out = await asyncio.open_connection(host, int(port))
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 ok\r\n\r\n")
        else:
            out.write(head)
        try:
            await asyncio.gather(pump(reader, out), pump(there, writer))
        finally:
            for side in (out, writer):
                side.transport.abort()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        found.update(port=server.sockets[0].getsockname()[1], loop=asyncio.get_running_loop())
        started.set()
        await ended.wait()
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=1) if others else None
        await asyncio.sleep(0.01)  # what was aborted is closed by the loop

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    started.wait(10)
    try:
        yield f"http://127.0.0.1:{found['port']}", asked
    finally:
        found["loop"].call_soon_threadsafe(ended.set)
        thread.join()
