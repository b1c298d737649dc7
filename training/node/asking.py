"""One request and its answer: signed, patient with trouble that is not ours, refusals by their code."""

import hashlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from http.client import HTTPResponse
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from provenance.signing.http import sign_request
from provenance.signing.keys import PrivateKey
from training.manifest.protocol import HEADER, PROTOCOL
from training.node.errors import Gone, JobError, Unreachable
from training.node.transfer.wire import ANSWER_SECONDS, TROUBLES, Body, Wire

BAD_REQUEST: Final = 400
SERVER_ERROR: Final = 500
"""From here on an answer tells of the coordinator's trouble (its database is away), not of the job."""
GONE: Final = frozenset({"job-not-claimable", "attempt-stale", "state-changed", "contribution-exists"})
NOTHING: Final = hashlib.sha256().digest()
JSON: Final = {"Content-Type": "application/json"}


class Asker:
    """Asks the coordinator at ``url`` in the name of ``key``; several threads may use it at once."""

    def __init__(
        self,
        url: str,
        key: PrivateKey,
        *,
        patience: float,
        stopping: threading.Event,
        proxy: str = "",
        ca_file: Path | None = None,
    ) -> None:
        self.url, self.key = url, key
        self.patience, self.stopping = patience, stopping
        self._proxy, self._ca_file = proxy, ca_file
        self._wires = {_origin(url): Wire(url, proxy=proxy, ca_file=ca_file)}

    def close(self) -> None:
        """Let the connections go."""
        for wire in self._wires.values():
            wire.close()

    @contextmanager
    def signed(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = JSON,
        body: Callable[[], Body] = bytes,
        digest: bytes = NOTHING,
        seconds: float = ANSWER_SECONDS,
    ) -> Iterator[HTTPResponse]:
        """Give the coordinator's answer to a signed request; ``body`` makes the body anew for each try.

        ``digest`` is the body's sha256. For what this raises see `training.node.client.Coordinator`.
        """
        url = self.url + path
        own = {"Accept": "application/json", HEADER: str(PROTOCOL), "User-Agent": _program()}

        def made() -> dict[str, str]:
            signature = sign_request(method=method, url=url, body_sha256=digest, key=self.key)
            return {**own, **headers, **signature}

        with ExitStack() as stack:
            response = self._tried(stack, method, url, made, body, seconds)
            if response.status >= BAD_REQUEST:
                raise _refusal(response, f"{method} {path}")
            yield response

    @contextmanager
    def elsewhere(
        self, method: str, url: str, *, headers: Mapping[str, str], body: Callable[[], Body] = bytes
    ) -> Iterator[HTTPResponse]:
        """Give the answer of the store behind an address that the coordinator signed.

        Raises:
            Unreachable: ``store-refused`` too: its address held for a time only, and is asked for again.
        """
        with ExitStack() as stack:
            response = self._tried(stack, method, url, lambda: dict(headers), body, ANSWER_SECONDS)
            if response.status >= BAD_REQUEST:
                where = url.partition("?")[0]  # what follows it is a secret
                raise Unreachable("store-refused", f"{method} {where}: HTTP {response.status}")
            yield response

    def _tried(
        self,
        stack: ExitStack,
        method: str,
        url: str,
        headers: Callable[[], dict[str, str]],
        body: Callable[[], Body],
        seconds: float,
    ) -> HTTPResponse:
        """Try until an answer is not the other side's trouble; it lives as long as the stack."""
        parts, wire = urlsplit(url), self._wire(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        give_up, pause = time.monotonic() + self.patience, 0.2
        while True:
            try:
                with ExitStack() as one:
                    asked = wire.asking(method, target, headers=headers(), body=body(), seconds=seconds)
                    response = one.enter_context(asked)
                    if response.status < SERVER_ERROR:
                        stack.push(one.pop_all())
                        return response
                    trouble = f"HTTP {response.status}"
            except ssl.SSLCertVerificationError as error:
                text = f"{method} {parts.netloc}: {error.verify_message}; ca_file names a private authority"
                raise Unreachable("certificate-refused", text) from None
            except TROUBLES as error:
                trouble = str(error) or type(error).__name__
            if time.monotonic() + pause > give_up or self.stopping.wait(pause):
                where = url.partition("?")[0]
                raise Unreachable("coordinator-unreachable", f"{method} {where}: {trouble}")
            pause = min(pause * 2, 5.0)

    def _wire(self, url: str) -> Wire:
        origin = _origin(url)
        if origin not in self._wires:
            self._wires[origin] = Wire(url, proxy=self._proxy, ca_file=self._ca_file)
        return self._wires[origin]


def _refusal(response: HTTPResponse, what: str) -> JobError | Gone:
    """Return the error for an answer from 400 on, with the coordinator's own code."""
    try:
        problem = dict(json.loads(response.read()))
    except (*TROUBLES, ValueError, TypeError):
        problem = {}
    code = str(problem.get("code", f"http-{response.status}"))
    text = f"{what}: {problem.get('detail', code)}"
    if problem.get("fields"):
        text += f" {problem['fields']}"
    return (Gone if code in GONE else JobError)(code, text)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _program() -> str:
    try:
        return f"tapestry-node/{version('tapestry-catalog')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return "tapestry-node/0"
