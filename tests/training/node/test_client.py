"""The node's way to a coordinator that is in trouble: patient, and quick to let go when the node stops."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from provenance.signing.keys import PrivateKey
from training.node.client import Coordinator
from training.node.errors import Unreachable


class Troubled(BaseHTTPRequestHandler):
    """Answers with the statuses in its list, then with 200."""

    statuses: list[int] = []

    def do_GET(self) -> None:
        self.send_response(self.statuses.pop(0) if self.statuses else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keep the terminal clean."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Troubled) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
    Troubled.statuses = []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_of_the_coordinator_is_waited_out_and_never_blamed_on_the_job(url, status):
    Troubled.statuses = [status, status]
    with closing(Coordinator(url=url, key=PrivateKey.generate())) as coordinator:
        assert coordinator.get("/anything") == {}
    assert Troubled.statuses == []


def test_trouble_that_lasts_ends_as_unreachable_which_may_be_tried_again(url):
    Troubled.statuses = [500] * 100
    with (
        closing(Coordinator(url=url, key=PrivateKey.generate(), patience=0.3)) as coordinator,
        pytest.raises(Unreachable) as refused,
    ):
        coordinator.get("/anything")
    assert refused.value.retry


def test_a_node_that_is_told_to_stop_tries_nothing_twice(url):
    Troubled.statuses = [500] * 100
    stopping = threading.Event()
    stopping.set()
    begin = time.monotonic()
    with (
        closing(Coordinator(url=url, key=PrivateKey.generate(), stopping=stopping)) as coordinator,
        pytest.raises(Unreachable),
    ):
        coordinator.get("/anything")
    assert (len(Troubled.statuses), time.monotonic() - begin < 5) == (99, True)
