"""The coordinator's end of one node's line: tasks that wait, updates that came, bytes that went over it."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from training.experiment.serving import LineServer

if TYPE_CHECKING:
    from pathlib import Path

    from training.experiment.tasks import Task


class TaskFailedError(RuntimeError):
    """A node could not do its task, and said why."""


@dataclass
class Line:
    """One node's tasks, the files it may fetch, and what went over its line.

    Attributes:
        weights: files by sha256. inbox: where its updates are put.
        up, down: bytes of the TCP stream that the node sent and received, by what was asked for
            (``task``, ``weights``, ``updates``): request lines, headers and bodies.
    """

    host: str
    weights: dict[str, Path]
    inbox: Path
    up: Counter[str] = field(default_factory=Counter)
    down: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._done: queue.Queue[tuple[int, Path | str]] = queue.Queue()
        self._server = LineServer(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Host and port, as the node is told."""
        return f"{self.host}:{self._server.server_port}"

    def ask(self, task: Task) -> None:
        """Have a task done."""
        self._tasks.put(task)

    def answer(self, *, seconds: float) -> tuple[int, Path] | None:
        """Return a finished task's number and its update, None when there is none yet after ``seconds``.

        Raises:
            TaskFailedError: it can not be done.
        """
        try:
            number, found = self._done.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(found, str):
            raise TaskFailedError(found)
        return number, found

    def dismiss(self) -> None:
        """Tell the node that there will be no more tasks."""
        self._tasks.put(None)

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()

    def next_task(self) -> Task | None:
        """Wait until there is a task, or none will come: what the node's request waits for."""
        return self._tasks.get()

    def finish(self, number: int, found: Path | str) -> None:
        """Take a finished task's update, or why there is none."""
        self._done.put((number, found))
