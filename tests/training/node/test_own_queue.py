"""The queue of a sovereign node starts wherever its home lies, and ends with the node."""

import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from training.node.errors import SetupError
from training.node.home import NodeHome
from training.node.own_queue import LONGEST_SOCKET_PATH, _socket_of

ROOT = Path(__file__).parents[3]
# In a process of its own: the server has to end with the process that started it.
USE = """
import sys; from pathlib import Path; from celery import Celery
from training.node.home import NodeHome; from training.node.own_queue import start_queue
app = Celery(broker=start_queue(NodeHome(Path(sys.argv[1]))), fixups=set())
app.send_task("some.task", queue="q")
with app.connection_for_read() as connection:
    print(connection.default_channel.queue_declare("q", passive=True).message_count)
"""


@pytest.fixture(params=["plain", "with a space", "long-" * 30])
def home(request, tmp_path):
    folder = tmp_path / request.param
    folder.mkdir()
    yield NodeHome(folder)
    if (outside := _socket_of(NodeHome(folder)).parent) not in folder.rglob("*"):
        shutil.rmtree(outside)


def test_a_message_waits_in_it_whatever_the_path_of_the_home(home):
    done = subprocess.run(
        [sys.executable, "-c", USE, str(home.folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "1", done.stderr
    assert len(str(_socket_of(home)).encode()) <= LONGEST_SOCKET_PATH
    left = [p for p in psutil.process_iter(["cmdline"]) if str(_socket_of(home)) in (p.info["cmdline"] or [])]
    assert psutil.wait_procs(left, timeout=5)[1] == []


def test_a_folder_that_others_may_enter_is_not_used(tmp_path):
    home = NodeHome(tmp_path / ("long-" * 30))
    home.folder.mkdir()
    outside = _socket_of(home).parent
    outside.chmod(0o777)
    with pytest.raises(SetupError, match="belongs to somebody else"):
        _socket_of(home)
    outside.rmdir()
