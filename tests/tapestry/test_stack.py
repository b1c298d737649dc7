"""The whole program, started as its user starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
UP = [sys.executable, str(ROOT / "manage.py"), "up", "--no-nodes", "--no-round"]
pytestmark = pytest.mark.stack


def surroundings(var: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "TAPESTRY_VAR": str(var), "TAPESTRY_PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`up`, ready; ended for good at the end of the block."""
    output = var.parent / f"up-{time.monotonic_ns()}.txt"
    with output.open("w") as file:
        up = subprocess.Popen(
            UP, env=surroundings(var, port), stdout=file, stderr=subprocess.STDOUT, text=True
        )
    try:
        deadline = time.monotonic() + 150
        while "is ready" not in output.read_text():
            assert up.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.2)
        yield up
    finally:
        up.terminate()
        up.wait(60)


def test_it_serves_refuses_a_second_start_survives_kill_9_and_ends_with_0(short_folder):
    var, port = Path(short_folder) / "var", free_port()
    with running(var, port) as up:
        second = subprocess.run(UP, env=surroundings(var, port), capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert re.search(rf"in use by process {up.pid}", second.stderr)
        children = psutil.Process(up.pid).children(recursive=True)
        up.kill()
        up.wait()
    with running(var, port) as up:
        assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)
        children = psutil.Process(up.pid).children(recursive=True)
        up.send_signal(signal.SIGTERM)
        assert up.wait(60) == 0
    assert not any(child.is_running() for child in children)
