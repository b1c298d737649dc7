"""What a client sees of a read that was ended: a closed connection and too few bytes, never a quiet end."""

import http.client
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest

from tests.stack.program import ROOT, free_port


@pytest.fixture
def server():
    """The web server of the program, as it is configured, around the application that is cut."""
    port = free_port()
    switches = [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--threads",
        "2",
        "--keep-alive",
        "5",
    ]
    app = "tests.training.api.cutting_app:application"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *switches, app], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    for _ in range(100):
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.1)
    yield server, port
    server.terminate()
    with server:
        server.wait(timeout=10)


def test_the_client_is_told_by_a_closed_connection_and_the_log_by_no_traceback(server):
    process, port = server
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/")
        with pytest.raises(http.client.IncompleteRead) as ended:
            connection.getresponse().read()
    assert len(ended.value.partial) == 1000
    process.terminate()
    assert "Traceback" not in process.communicate(timeout=10)[1]
