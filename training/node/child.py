"""The processes that compute: bounded in time and memory, cancellable, reporting one JSON object a line."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

import psutil

from training.node.errors import Died, JobError
from training.node.parenthood import die_with_parent

LAST_WORDS: Final = 20
LOOPBACK: Final = "lo" if sys.platform.startswith("linux") else "lo0"
INHERITED: Final = frozenset({"PATH", "LANG", "LC_ALL", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "TMPDIR"})


class Child:
    """``python -m training.node.learning.<module> <workspace>`` with limits; as a group through ``torchrun``.

    Attributes:
        seconds: wall-clock bound. memory: bound of the resident sets, bytes, of all its processes together.
    """

    def __init__(
        self, *, module: str, workspace: Path, seconds: int, memory: int, threads: int, processes: int = 1
    ) -> None:
        self.seconds, self.memory = seconds, memory
        self._started = time.monotonic()
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: list[str] = []
        self._process = subprocess.Popen(
            [*_launcher(processes), "-m", f"training.node.learning.{module}", str(workspace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=_environment(workspace, threads=max(1, threads // processes)),
            cwd=Path(__file__).parents[2],
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - only one prctl call, and no threads were forked
        )
        self._readers = [
            threading.Thread(target=target, daemon=True) for target in (self._read_out, self._read_errors)
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reports(self, *, tick: float) -> Iterator[dict[str, Any] | None]:
        """Yield each report as it comes, and None at least every ``tick`` seconds, until the child ends well.

        Raises:
            JobError: ``time-limit``, ``memory-limit``, or what the child itself gave as the reason.
            Died: ``trainer-died`` with the last line it wrote; another attempt is worth it.
        """
        failure: dict[str, Any] | None = None
        while True:
            self._check_limits()
            try:
                line = self._lines.get(timeout=tick)
            except queue.Empty:
                yield None
                continue
            if line is None:
                break
            report = json.loads(line)
            if report["kind"] == "failure":
                failure = failure or report
            else:
                yield report
        if self._process.wait() != 0:
            self.stop()
            if failure:
                raise JobError(failure["code"], failure["text"][:400])
            last = self._errors[-1] if self._errors else f"exit status {self._process.returncode}"
            raise Died("trainer-died", last[:400])

    def stop(self) -> None:
        """End the child and all that it started now; nothing happens when it has ended."""
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()
        for reader in self._readers:  # they end with the pipes, and close them
            reader.join()

    def _check_limits(self) -> None:
        if time.monotonic() - self._started > self.seconds:
            raise JobError("time-limit", f"it ran for more than {self.seconds} s")
        used = 0
        for process in self._all():
            with suppress(psutil.Error):
                used += process.memory_info().rss
        if used > self.memory:
            raise JobError("memory-limit", f"it took {used} bytes of memory where {self.memory} are allowed")

    def _all(self) -> list[psutil.Process]:
        if self._process.poll() is not None:
            return []
        try:
            child = psutil.Process(self._process.pid)
            return [child, *child.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _read_out(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        with self._process.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    self._lines.put(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - for the type checker: it is a pipe
        with self._process.stderr as lines:
            for line in lines:
                if line.strip():
                    self._errors = [*self._errors[1 - LAST_WORDS :], line.strip()]


def _launcher(processes: int) -> list[str]:
    if processes == 1:
        return [sys.executable]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1"]
    return [*launcher, f"--nproc-per-node={processes}", "--max-restarts=0"]


def _environment(workspace: Path, *, threads: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name in INHERITED}
    return inherited | {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(workspace / "hf"),
        "HF_DATASETS_CACHE": str(workspace / "hf" / "datasets"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "OMP_NUM_THREADS": str(threads),
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        "PYTHONUNBUFFERED": "1",
        # The processes of one job speak with each other on this machine only.
        "GLOO_SOCKET_IFNAME": LOOPBACK,
        "NCCL_SOCKET_IFNAME": LOOPBACK,
    }
