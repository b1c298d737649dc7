"""The subprocess that computes: bounded in time and memory, cancellable, reporting one JSON object a line."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

import psutil

from training.node.errors import JobError
from training.node.parenthood import die_with_parent

LAST_WORDS: Final = 20


class Child:
    """``python -m training.node.<module> <workspace>`` with its limits.

    Attributes:
        seconds: wall-clock bound. memory: bound of the resident set, bytes, of the child and its children.
    """

    def __init__(self, *, module: str, workspace: Path, seconds: int, memory: int, threads: int) -> None:
        self.seconds, self.memory = seconds, memory
        self._started = time.monotonic()
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._errors: list[str] = []
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "LANG", "LC_ALL", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH", "TMPDIR"}
        }
        environment |= {
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(workspace / "hf"),
            "HF_DATASETS_CACHE": str(workspace / "hf" / "datasets"),
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "OMP_NUM_THREADS": str(threads),
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
            "PYTHONUNBUFFERED": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"training.node.{module}", str(workspace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=environment,
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
            JobError: ``time-limit``, ``memory-limit``, or ``trainer-died`` with the last line it wrote.
        """
        while True:
            self._check_limits()
            try:
                line = self._lines.get(timeout=tick)
            except queue.Empty:
                yield None
                continue
            if line is None:
                break
            yield json.loads(line)
        if self._process.wait() != 0:
            self.stop()
            last = self._errors[-1] if self._errors else f"exit status {self._process.returncode}"
            raise JobError("trainer-died", last[:400])

    def stop(self) -> None:
        """End the child now; nothing happens when it has ended."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for reader in self._readers:  # they end with the pipes, and close them
            reader.join()

    def _check_limits(self) -> None:
        if time.monotonic() - self._started > self.seconds:
            raise JobError("time-limit", f"it ran for more than {self.seconds} s")
        try:
            used = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            return
        if used > self.memory:
            raise JobError("memory-limit", f"it took {used} bytes of memory where {self.memory} are allowed")

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
