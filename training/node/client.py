"""The coordinator's API as a node sees it: every request signed (RFC 9421), outward only."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, Final, Self

from provenance.signing.canonical import canonicalize
from provenance.signing.keys import PrivateKey
from training.node.asking import Asker
from training.node.errors import JobError
from training.node.home import NodeHome
from training.node.transfer.limiting import CHUNK, Bucket
from training.node.transfer.pulling import Pull, check_range
from training.node.transfer.pushing import Part, Push
from training.node.transfer.wire import ANSWER_SECONDS

PATIENCE: Final = 60.0
"""Seconds for which a request is tried again while the coordinator is away or in trouble."""
BYTES: Final = "application/octet-stream"


def hash_file(path: Path) -> tuple[bytes, int]:
    """Return (sha256, size in bytes) of a file, read in 1 MiB chunks."""
    sha256, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha256.update(chunk)
            size += len(chunk)
    return sha256.digest(), size


class Coordinator:
    """One node's way to the coordinator; several threads may use it at once.

    All methods raise ``Unreachable`` after ``patience`` seconds without an answer, ``Gone`` when the work is
    no longer ours, and ``JobError`` with the coordinator's own code for every other refusal. Once
    ``stopping`` is set nothing is tried a second time: the lease tells what could not be said.
    ``max_bytes_per_second`` bounds all transfers together, 0 does not; ``streams`` is how many
    connections one of them uses. For ``proxy`` and ``ca_file`` see `training.node.transfer.wire.Wire`.
    """

    def __init__(
        self,
        *,
        url: str,
        key: PrivateKey,
        patience: float = PATIENCE,
        stopping: threading.Event | None = None,
        proxy: str = "",
        ca_file: Path | None = None,
        max_bytes_per_second: int = 0,
        streams: int = 4,
    ) -> None:
        self.url, self.key = url, key
        self.patience = patience
        self.stopping = stopping or threading.Event()
        self.bucket, self.streams = Bucket(max_bytes_per_second), streams
        self._asker = Asker(url, key, patience=patience, stopping=self.stopping, proxy=proxy, ca_file=ca_file)

    @classmethod
    def of(
        cls, home: NodeHome, *, patience: float = PATIENCE, stopping: threading.Event | None = None
    ) -> Self:
        """Return the way that the node's own configuration describes.

        Raises:
            SetupError: ``node-config``, ``ca-file``, ``proxy-unusable``.
        """
        config = home.config
        return cls(
            url=config.coordinator,
            key=home.key,
            patience=patience,
            stopping=stopping,
            proxy=config.proxy,
            ca_file=None if config.ca_file is None else home.folder / config.ca_file,
            max_bytes_per_second=config.max_bytes_per_second,
            streams=config.streams,
        )

    def use_key(self, key: PrivateKey) -> None:
        """Sign from now on with another key of this node's: the one that was put in force meanwhile."""
        self.key = self._asker.key = key

    def close(self) -> None:
        """Let the connections go."""
        self._asker.close()

    def get(self, path: str) -> dict[str, Any]:
        """Return the JSON object at ``path``."""
        with self._asker.signed("GET", path) as response:
            return _object(response, path)

    def post(self, path: str, body: Mapping[str, Any], *, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """Send a JSON object, return the one that comes back, for which each try waits ``seconds``."""
        content = canonicalize(dict(body))
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        digest = hashlib.sha256(content).digest()
        with self._asker.signed(
            "POST", path, headers=headers, body=lambda: content, digest=digest, seconds=seconds
        ) as response:
            return _object(response, path)

    def data_grant(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for leave to read what ``manifest`` names, and return the grant with its ``files``.

        The manifest is ``training.grants.requests.GrantManifest`` as JSON; the files' ``url`` goes to
        ``pull``.
        """
        return self.post("/api/v1/data/grants/", manifest)

    def pull(self, path: str, target: Path, *, sha256: str, size: int) -> None:
        """Fetch ``path`` into ``target``; it appears only complete and with the expected hash.

        What has come lies in ``<target>.part``, and is not fetched again by the next call, whatever ended
        this one.

        Raises:
            JobError: ``input-mismatch`` when the bytes are not the ones that the manifest names.
            Held: ``disk-full``. Interrupted: ``node-stopping``.
            Unreachable: ``read-cut`` when connections close and no more bytes come.
        """
        Pull(self, path, target, sha256=sha256, size=size).run()

    def push(self, job_path: str, file: Path, *, attempt: int, sha256: str, size: int) -> dict[str, Any]:
        """Send the update that the job committed to; return the contribution's ``digest`` and ``state``.

        Parts that are there already are not sent again, whatever ended an earlier call.

        Raises:
            JobError: among others ``commitment-missing``, ``weights-not-committed``.
            Interrupted: ``node-stopping``.
        """
        return Push(self, f"{job_path}/weights/", file, attempt=attempt, sha256=sha256, size=size).run()

    @contextmanager
    def reading(self, path: str, begin: int, end: int) -> Iterator[HTTPResponse]:
        """Give the answer to a request for bytes [begin, end), from the store itself if we are sent there."""
        wanted = {"Range": f"bytes={begin}-{end - 1}", "Accept": "*/*"}
        with self._asker.signed("GET", path, headers=wanted) as response:
            if response.status != HTTPStatus.SEE_OTHER:
                check_range(response, begin, end, path)
                yield response
                return
            url = str(response.headers.get("Location", ""))
            response.read()
        with self._asker.elsewhere("GET", url, headers=wanted) as response:
            check_range(response, begin, end, path)
            yield response

    def put_part(self, path: str, url: str, part: Part) -> None:
        """Send one part of an upload to ``url``, or where there is none to ``path``."""
        length = {"Content-Length": str(part.size)}
        if url:
            asked = self._asker.elsewhere("PUT", url, headers=length, body=part.chunks)
        else:
            headers = {"Content-Type": BYTES, **length}
            asked = self._asker.signed("PUT", path, headers=headers, body=part.chunks, digest=part.digest())
        with asked as response:
            response.read()


def _object(response: HTTPResponse, path: str) -> dict[str, Any]:
    try:
        found = json.loads(response.read())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise JobError("answer-malformed", f"{path}: not a JSON object")
    return found
