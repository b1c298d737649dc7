"""Connections to one origin: straight or through a proxy, and by which authorities it is known.

The standard library's client, because it reads into memory that we hold and sends from it: four times what
a client in pure Python carries on one core.
"""

import base64
import http.client
import select
import ssl
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from training.node.errors import SetupError

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 30.0
TROUBLES: Final = (OSError, http.client.HTTPException)
"""What a try may end in when the network, and not the request, is at fault."""

Body = bytes | Iterable[memoryview]


class Wire:
    """Connections to the origin of ``url``, kept for the next request. Several threads may ask at once.

    ``proxy`` is an ``http://`` URL; empty: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment say.
    ``ca_file`` (PEM) is trusted besides the system's authorities.

    Raises:
        SetupError: ``ca-file``, ``proxy-unusable``.
    """

    def __init__(self, url: str, *, proxy: str = "", ca_file: Path | None = None) -> None:
        self._origin = urlsplit(url)
        self._proxy = _proxy_for(self._origin, proxy)
        self._context = _context(ca_file) if self._origin.scheme == "https" else None
        self._idle: list[http.client.HTTPConnection] = []

    def close(self) -> None:
        """Let the connections go; another request opens new ones."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def asking(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        body: Body = b"",
        seconds: float = ANSWER_SECONDS,
    ) -> Iterator[http.client.HTTPResponse]:
        """Send one request and give its answer, to be read inside the block; raises one of ``TROUBLES``.

        ``target`` is path and query; ``seconds`` is how long the other side may be silent.
        """
        connection = self._take()
        kept = False
        try:
            if connection.sock is not None:
                connection.sock.settimeout(seconds)
            self._send(connection, method, target, headers, body)
            with connection.getresponse() as response:
                yield response
                kept = response.isclosed() and connection.sock is not None
        finally:
            if kept:
                self._idle.append(connection)
            else:
                connection.close()

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: Body,
    ) -> None:
        if self._proxy is not None and self._context is None:
            target = f"{self._origin.scheme}://{self._origin.netloc}{target}"
            headers = {**headers, **_credentials(self._proxy)}
        connection.putrequest(method, target)  # which asks for bytes as they are: "identity"
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        for chunk in [memoryview(body)] if isinstance(body, bytes) else body:
            connection.send(chunk)

    def _take(self) -> http.client.HTTPConnection:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took the last one
                break
            # A connection that can be read from between two requests was closed by the other side.
            if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()
        connection = self._opened()
        try:
            connection.connect()
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            connection.sock.settimeout(ANSWER_SECONDS)
        return connection

    def _opened(self) -> http.client.HTTPConnection:
        host, port = str(self._origin.hostname), self._origin.port
        through = self._proxy
        near = (host, port) if through is None else (str(through.hostname), through.port)
        if self._context is None:
            return http.client.HTTPConnection(*near, timeout=CONNECT_SECONDS)
        connection = http.client.HTTPSConnection(*near, timeout=CONNECT_SECONDS, context=self._context)
        if through is not None:
            connection.set_tunnel(host, port or http.client.HTTPS_PORT, headers=_credentials(through))
        return connection


def _proxy_for(origin: SplitResult, given: str) -> SplitResult | None:
    host = origin.hostname or ""
    if not given and not urllib.request.proxy_bypass(host):
        given = urllib.request.getproxies().get(origin.scheme, "")
    if not given:
        return None
    proxy = urlsplit(given)
    if proxy.scheme != "http" or not proxy.hostname:
        raise SetupError("proxy-unusable", "a proxy is named like http://proxy.example.org:3128")
    return proxy


def _context(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise SetupError("ca-file", f"{ca_file}: {error}") from None
    return context


def _credentials(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
