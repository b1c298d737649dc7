"""Files come in ranges over several lines, survive a death half-way, and are only believed by their hash."""

import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from provenance.signing.keys import PrivateKey
from tests.training.node.serving import FileServer, serving
from training.node.client import Coordinator
from training.node.errors import Held, Interrupted, JobError, Unreachable
from training.node.transfer.ranges import LEAST

SIZE = 3 * LEAST + 12_345
CONTENT = os.urandom(1 << 20) * (SIZE // (1 << 20)) + b"x" * (SIZE % (1 << 20))
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server():
    server = FileServer(CONTENT)
    with serving(server) as server.url:
        yield server


def pull(server, target, *, sha256=SHA256, size=SIZE, **settings):
    with closing(Coordinator(url=server.url, key=PrivateKey.generate(), **settings)) as way:
        way.pull("/file", target, sha256=sha256, size=size)


def test_a_file_comes_in_several_ranges_and_leaves_nothing_else(server, tmp_path):
    pull(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert len(server.ranges) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_empty_file_needs_no_request(server, tmp_path):
    pull(server, tmp_path / "file", sha256=hashlib.sha256().hexdigest(), size=0)
    assert (tmp_path / "file").read_bytes() == b""
    assert server.ranges == []


def test_lines_that_are_cut_again_and_again_only_cost_time(server, tmp_path):
    server.cut_after = LEAST // 2
    pull(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_read_that_brings_nothing_any_more_ends_as_cut_and_keeps_what_came(server, tmp_path):
    server.cut_after = 0
    with pytest.raises(Unreachable) as ended:
        pull(server, tmp_path / "file", patience=0.1)
    assert (ended.value.code, ended.value.retry) == ("read-cut", True)
    assert (tmp_path / "file.part").exists()
    assert not (tmp_path / "file").exists()


def test_other_bytes_than_announced_are_not_kept(server, tmp_path):
    with pytest.raises(JobError) as refused:
        pull(server, tmp_path / "file", sha256="0" * 64)
    assert refused.value.code == "input-mismatch"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_gives_other_ranges_is_not_believed(server, tmp_path):
    with pytest.raises(JobError) as refused:
        pull(server, tmp_path / "file", size=SIZE + 1)
    assert refused.value.code == "range-not-served"


def test_after_a_kill_what_had_come_is_not_asked_for_again(server, tmp_path):
    code = (
        "import sys; from pathlib import Path; from provenance.signing.keys import PrivateKey;"
        "from training.node.client import Coordinator; from training.node.transfer import ranges;"
        "ranges.SAVE_EVERY = 1 << 20;"
        "Coordinator(url=sys.argv[1], key=PrivateKey.generate(), max_bytes_per_second=8 << 20)"
        f".pull('/file', Path(sys.argv[2]), sha256='{SHA256}', size={SIZE})"
    )
    puller = subprocess.Popen([sys.executable, "-c", code, server.url, tmp_path / "file"])
    while not (tmp_path / "file.part.json").exists():
        assert puller.poll() is None
        time.sleep(0.02)
    puller.send_signal(signal.SIGKILL)
    puller.wait()
    server.ranges.clear()
    pull(server, tmp_path / "file")
    asked = sum(int(b) - int(a) + 1 for a, b in (r[6:].split("-") for r in server.ranges))
    assert asked < SIZE
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_what_a_power_cut_took_after_it_was_noted_is_fetched_again(server, tmp_path):
    (tmp_path / "file.part").write_bytes(bytes(SIZE))
    (tmp_path / "file.part.json").write_text(f'{{"size": {SIZE}, "missing": [[0, {LEAST}]]}}')
    pull(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT


def test_a_node_that_stops_lets_go_at_once_and_keeps_what_came(server, tmp_path):
    stopping = threading.Event()
    threading.Timer(0.3, stopping.set).start()
    begin = time.monotonic()
    with pytest.raises((Interrupted, Unreachable)):
        pull(server, tmp_path / "file", stopping=stopping, max_bytes_per_second=1 << 20)
    assert time.monotonic() - begin < 5
    assert (tmp_path / "file.part.json").exists()


def test_a_rate_bounds_all_streams_together(server, tmp_path):
    begin = time.monotonic()
    pull(server, tmp_path / "file", max_bytes_per_second=SIZE, streams=4)
    assert 0.7 < time.monotonic() - begin < 5


def test_a_full_disk_holds_the_job_and_loses_nothing(server, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(Held) as held:
            pull(server, tmp_path / "file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (held.value.code, held.value.retry) == ("disk-full", True)
    pull(server, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == CONTENT
