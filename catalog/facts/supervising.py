"""The inspection in a child process, which a hostile file may break without harm to anybody else."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any, Final

import psutil

from catalog.facts.child import request_for
from catalog.facts.counting import Progress
from catalog.facts.errors import FileRefused
from catalog.facts.limits import Limits
from catalog.facts.model import FileFacts

_PR_SET_PDEATHSIG: Final = 1
_POLITENESS: Final = 10
"""By how much ``nice`` lowers the child's priority: nobody waits for facts."""

_TICK: Final = 0.1
_KEPT: Final = frozenset({"PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR"})
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_LEAN: Final = dict.fromkeys(("USE_TORCH", "USE_TF", "USE_JAX"), "0")
"""``datasets`` would import what it finds; on a node, torch takes a second and 180 MB."""

_OFFLINE: Final = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
}


def inspect_in_child(
    path: Path,
    *,
    name: str,
    media_type: str = "",
    languages: Sequence[str] = (),
    limits: Limits | None = None,
    preview_rows: int = 0,
    progress: Progress | None = None,
) -> FileFacts:
    """Compute the facts about a file in a process that is bounded in time and memory and dies with this one.

    Raises:
        FileRefused: as ``inspect_file``; also ``inspection-crashed``, ``inspection-out-of-memory``,
            ``inspection-timeout``. What ``progress`` raises ends the child and goes on to the caller.
    """
    limits = limits or Limits()
    request = request_for(
        path, limits, name=name, media_type=media_type, languages=list(languages), preview_rows=preview_rows
    )
    with tempfile.TemporaryDirectory(prefix="facts-") as scratch, _start(request, Path(scratch)) as process:
        try:
            for message in _messages(process, limits):
                if "facts" in message:
                    return FileFacts.model_validate(message["facts"])
                if "refused" in message:
                    raise FileRefused(*message["refused"])
                if progress:
                    progress(*message["progress"])
            raise FileRefused(_cause_of_death(process.wait()))
        finally:
            process.kill()


def _start(request: str, scratch: Path) -> subprocess.Popen[str]:
    environment = (
        {key: value for key, value in os.environ.items() if key in _KEPT} | _ONE_THREAD | _LEAN | _OFFLINE
    )
    environment |= {"HF_HOME": str(scratch / "hf"), "TMPDIR": str(scratch)}
    process = subprocess.Popen(
        [sys.executable, "-m", "catalog.facts.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a library's complaint may quote the data
        env=environment,
        cwd=Path(__file__).parents[2],
        text=True,
        start_new_session=True,
        preexec_fn=_as_a_guest(),  # noqa: PLW1509 - a few system calls and no lock
    )
    assert process.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
    with process.stdin as pipe:
        pipe.write(request)
    return process


def _as_a_guest() -> Callable[[], None]:
    """Let requests and training go first, and let the child die with its parent.

    The latter on Linux only; elsewhere the bounds of time and memory have to do.
    """
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    parent = os.getpid()

    def arrange() -> None:
        os.nice(_POLITENESS)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return arrange


def _messages(process: subprocess.Popen[str], limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield what the child says; end it where it goes beyond its limits.

    While it is silent its last progress is yielded again: tables and zips are read without a word for
    minutes, and whoever waits has to show that they are still at it.
    """
    lines: SimpleQueue[str | None] = SimpleQueue()
    reader = threading.Thread(target=_forward, args=(process.stdout, lines), daemon=True)
    reader.start()
    ends = time.monotonic() + limits.seconds
    last: dict[str, Any] | None = None
    try:
        while True:
            if time.monotonic() > ends:
                raise FileRefused("inspection-timeout")
            if _resident(process.pid) > limits.memory_bytes:
                raise FileRefused("inspection-out-of-memory")
            try:
                line = lines.get(timeout=_TICK)
            except Empty:
                if last:
                    yield last
                continue
            if line is None:
                return
            last = json.loads(line)
            yield last
    finally:
        process.kill()
        reader.join()


def _forward(pipe: IO[str], lines: "SimpleQueue[str | None]") -> None:
    for line in pipe:
        if line.startswith("{"):
            lines.put(line)
    lines.put(None)


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _cause_of_death(status: int) -> str:
    """Tell from an exit status why a child fell silent: std::bad_alloc aborts, the OOM killer kills."""
    if status == -signal.SIGXCPU:
        return "inspection-timeout"
    return (
        "inspection-out-of-memory" if status in {-signal.SIGABRT, -signal.SIGKILL} else "inspection-crashed"
    )
