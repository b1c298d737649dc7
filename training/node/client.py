"""The coordinator's API as a node sees it: every request signed (RFC 9421), outward only."""

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import httpx

from provenance.signing.canonical import canonicalize
from provenance.signing.http import sign_request
from provenance.signing.keys import PrivateKey
from training.node.errors import Gone, JobError, Unreachable

CHUNK: Final = 1 << 20
PATIENCE: Final = 60.0
"""Seconds for which a request is tried again while the coordinator is away or in trouble."""
SERVER_ERROR: Final = 500
"""From here on an answer tells of the coordinator's trouble (its database is away), not of the job."""
GONE: Final = frozenset({"job-not-claimable", "attempt-stale", "state-changed", "contribution-exists"})


def hash_file(path: Path) -> tuple[bytes, int]:
    """Return (sha256, size in bytes) of a file, read in 1 MiB chunks."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return sha256.digest(), size


class Coordinator:
    """One node's way to the coordinator.

    All methods raise ``Unreachable`` after ``PATIENCE`` seconds without an answer, ``Gone`` when the work is
    no longer ours, and ``JobError`` with the coordinator's own code for every other refusal. Once
    ``stopping`` is set nothing is tried a second time: the lease tells what could not be said.
    """

    def __init__(
        self,
        *,
        url: str,
        key: PrivateKey,
        patience: float = PATIENCE,
        stopping: threading.Event | None = None,
    ) -> None:
        self.url = url
        self.key = key
        self.patience = patience
        self._stopping = stopping or threading.Event()
        self._http = httpx.Client(timeout=httpx.Timeout(30.0, connect=5.0), follow_redirects=False)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def get(self, path: str) -> dict[str, Any]:
        """Return the JSON object at ``path``."""
        return self._object(self._send("GET", path))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send a JSON object, return the one that comes back."""
        return self._object(self._send("POST", path, content=canonicalize(dict(body))))

    def data_grant(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for leave to read what ``manifest`` names, and return the grant with its ``files``.

        The manifest is ``training.grants.requests.GrantManifest`` as JSON; the files' ``url`` goes to
        ``fetch``.
        """
        return self.post("/api/v1/data/grants/", manifest)

    def put_file(self, path: str, file: Path) -> dict[str, Any]:
        """Stream a file, its sha256 signed ahead in Content-Digest."""
        digest, size = hash_file(file)
        return self._object(self._send("PUT", path, file=file, digest=digest, size=size))

    def fetch(self, path: str, target: Path, *, sha256: str, size: int) -> None:
        """Stream ``path`` into ``target``; it appears only complete and with the expected hash.

        Raises:
            JobError: ``input-mismatch`` when the bytes are not the ones that the manifest names.
            Unreachable: ``read-cut`` when the connection closed before the last byte, as it does when the
                coordinator ends a read; asking again tells why.
        """
        part = target.with_suffix(".part")
        hasher, received = hashlib.sha256(), 0
        try:
            with closing(self._send("GET", path, stream=True)) as response, part.open("wb") as file:
                for chunk in response.iter_raw(CHUNK):
                    received += len(chunk)
                    if received > size:
                        break
                    hasher.update(chunk)
                    file.write(chunk)
        except httpx.TransportError as error:
            part.unlink(missing_ok=True)
            raise Unreachable("read-cut", f"{path} ended after {received} of {size} bytes") from error
        if received != size or hasher.hexdigest() != sha256:
            part.unlink()
            raise JobError("input-mismatch", f"{path} gave other bytes than the manifest names")
        part.replace(target)

    def _send(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        file: Path | None = None,
        digest: bytes | None = None,
        size: int | None = None,
        stream: bool = False,
    ) -> httpx.Response:
        url = self.url + path
        give_up, pause = time.monotonic() + self.patience, 0.2
        while True:
            headers = {"Accept": "application/json", "Content-Type": "application/json"}
            if file is not None:
                headers |= {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
            if stream:
                headers |= {"Accept": "*/*", "Accept-Encoding": "identity"}
            body = digest or hashlib.sha256(content).digest()
            headers |= sign_request(method=method, url=url, body_sha256=body, key=self.key)
            sent = content if file is None else _chunks(file)
            try:
                request = self._http.build_request(method, url, content=sent, headers=headers)
                response = self._http.send(request, stream=stream)
                if response.status_code < SERVER_ERROR:
                    return self._checked(response)
                response.close()
                trouble = f"HTTP {response.status_code}"
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
            if time.monotonic() + pause > give_up or self._stopping.wait(pause):
                raise Unreachable("coordinator-unreachable", f"{method} {url}: {trouble}")
            pause = min(pause * 2, 5.0)

    def _checked(self, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            return response
        response.read()
        response.close()
        try:
            problem = dict(response.json())
        except (ValueError, TypeError):
            problem = {}
        code = str(problem.get("code", f"http-{response.status_code}"))
        text = f"{response.request.method} {response.request.url.path}: {problem.get('detail', code)}"
        if problem.get("fields"):
            text += f" {problem['fields']}"
        raise (Gone if code in GONE else JobError)(code, text)

    @staticmethod
    def _object(response: httpx.Response) -> dict[str, Any]:
        found = response.json()
        if not isinstance(found, dict):
            raise JobError("answer-malformed", f"{response.request.url.path}: not a JSON object")
        return found


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk
