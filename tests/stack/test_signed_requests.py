"""Requests that prove nothing, sent to the running server over a real socket: 401, each with its code."""

import hashlib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from provenance.signing.http import sign_request
from provenance.signing.keys import PrivateKey
from tests.stack.running import Running
from training.manifest.protocol import HEADER, PROTOCOL
from training.node.client import Coordinator
from training.node.home import NodeHome

pytestmark = pytest.mark.stack
JOBS = "/api/v1/node/jobs"
FAILURE = "/api/v1/jobs/00000000-0000-4000-8000-000000000000/failure"


class Caller:
    """An enrolled node's key in the hands of somebody who makes mistakes, or plays tricks."""

    def __init__(self, running: Running) -> None:
        self.url = running.url
        self.key = NodeHome(running.var / "nodes" / "andes-cusco").key

    def signed(self, method: str, path: str, *, body: bytes = b"", **changes: Any) -> dict[str, str]:
        sha256 = hashlib.sha256(body).digest()
        chosen = {"key": self.key, **changes}
        proof = sign_request(method=method, url=self.url + path, body_sha256=sha256, **chosen)
        return proof | {HEADER: str(PROTOCOL)}

    def replayed(self) -> httpx.Response:
        headers = self.signed("GET", JOBS)
        assert httpx.get(self.url + JOBS, headers=headers).status_code == 200
        return httpx.get(self.url + JOBS, headers=headers)

    def expired(self) -> httpx.Response:
        headers = self.signed("GET", JOBS, now=datetime.now(UTC) - timedelta(minutes=5))
        return httpx.get(self.url + JOBS, headers=headers)

    def sent_elsewhere(self) -> httpx.Response:
        return httpx.get(f"{self.url}/api/v1/node/self", headers=self.signed("GET", JOBS))

    def with_another_body(self) -> httpx.Response:
        headers = self.signed("POST", FAILURE, body=b"{}")
        return httpx.post(self.url + FAILURE, headers=headers, content=b'{"attempt":1}')

    def by_a_foreign_key(self) -> httpx.Response:
        return httpx.get(self.url + JOBS, headers=self.signed("GET", JOBS, key=PrivateKey.generate()))

    def unsigned(self) -> httpx.Response:
        return httpx.get(self.url + JOBS)


def test_the_nodes_own_client_is_let_in(running):
    caller = Caller(running)
    with closing(Coordinator(url=caller.url, key=caller.key)) as coordinator:
        found = coordinator.get("/api/v1/node/self")
    assert (found["slug"], found["state"]) == ("andes-cusco", "active")


@pytest.mark.parametrize(
    ("send", "code"),
    [
        (Caller.replayed, "signature-replayed"),
        (Caller.expired, "signature-expired"),
        (Caller.sent_elsewhere, "signature-invalid"),
        (Caller.with_another_body, "digest-mismatch"),
        (Caller.by_a_foreign_key, "key-unknown"),
        (Caller.unsigned, "signature-missing"),
    ],
)
def test_a_request_that_proves_nothing_is_refused_with_its_code(
    running: Running, send: Callable[[Caller], httpx.Response], code: str
) -> None:
    answer = send(Caller(running))
    assert answer.status_code == 401
    assert answer.json()["code"] == code
