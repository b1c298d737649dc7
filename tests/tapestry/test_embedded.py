"""PostgreSQL and Valkey from wheels: they start, stop, and heal after the worst end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tapestry.embedded import services
from tapestry.embedded.lock import AlreadyRunning
from tapestry.embedded.postgres import answers, data_folder
from tapestry.embedded.process import Child, ChildFailed, Command
from tapestry.embedded.valkey import answers as valkey_answers
from tapestry.environment import Environment, parse_environment

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.stack
HOLD = (
    "import time\nfrom tapestry.environment import parse_environment\n"
    "from tapestry.embedded import services\n"
    "with services(parse_environment(), durable=False) as children:\n"
    "    print(*(child.pid for child in children), flush=True); time.sleep(60)"
)


@pytest.fixture
def own(short_folder) -> Environment:
    return parse_environment(var=Path(short_folder) / "var", database_url_given="", redis_url_given="")


def test_both_answer_inside_the_block_and_are_gone_after_it(own):
    with services(own, durable=False) as children:
        assert answers(own)
        assert valkey_answers(own)
        pids = [child.pid for child in children]
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_a_killed_database_server_starts_again_on_its_data(own):
    with services(own, durable=False) as (database, _):
        os.kill(database.pid, signal.SIGKILL)
        time.sleep(0.1)
    (data_folder(own) / "postmaster.pid").write_text(f"{os.getpid()}\n{data_folder(own)}\n")
    with services(own, durable=False):
        assert answers(own)


def test_a_dead_child_is_started_again_with_a_line_about_it(own):
    lines: list[str] = []
    child = Child(Command(name="sleeper", argv=["sleep", "60"]), var=own.var, announce=lines.append)
    child.start()
    os.kill(child.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while len(lines) < 2 and time.monotonic() < deadline:
        child.watch()
        time.sleep(0.05)
    assert "sleeper ended (signal SIGKILL)" in lines[0]
    assert "running again" in lines[1]
    child.stop()


def test_a_child_with_an_end_of_its_own_is_told_about_and_not_started_again(own):
    lines: list[str] = []
    child = Child(Command(name="errand", argv=["true"], once=True), var=own.var, announce=lines.append)
    child.start()
    deadline = time.monotonic() + 5
    while not lines and time.monotonic() < deadline:
        child.watch()
    child.watch()
    assert len(lines) == 1
    assert not child.alive


def test_a_child_that_ignores_the_signal_is_killed_in_bounded_time(own):
    deaf = [
        sys.executable,
        "-c",
        "import signal,time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)",
    ]
    child = Child(Command(name="deaf", argv=deaf, stop_seconds=0.3), var=own.var, announce=lambda _: None)
    child.start()
    pid, begin = child.pid, time.monotonic()
    child.stop()
    assert time.monotonic() - begin < 5
    assert not psutil.pid_exists(pid)


def test_a_child_that_fails_shows_the_end_of_its_log(own):
    child = Child(Command(name="broken", argv=["ls", "/no/such/file"]), var=own.var, announce=lambda _: None)
    child.start()
    with pytest.raises(ChildFailed, match="No such file"):
        child.wait_until(lambda: False, seconds=5)


def test_a_second_user_of_the_folder_is_told_who_holds_it(own):
    with (
        services(own, durable=False),
        pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"),
        services(own),
    ):
        pass


def test_children_die_with_a_supervisor_that_was_killed_and_the_lock_with_it(own):
    environment = {**os.environ, "TAPESTRY_VAR": str(own.var), "PYTHONPATH": str(ROOT)}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    children = [psutil.Process(int(pid)) for pid in holder.stdout.readline().split()]
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert len(children) == 2
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    with services(own, durable=False):
        assert answers(own)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_starts_it_below_a_folder_that_nobody_may_pass(own):
    own.var.mkdir(parents=True)
    own.var.parent.chmod(0o700)
    with services(own, durable=False) as (database, _):
        assert psutil.Process(database.pid).uids().real != 0
        assert answers(own)
