"""The four node processes and their lines, and trainings shared out among them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from training.experiment.lines import Line
from training.experiment.network import Network, make_network
from training.experiment.tasks import Task
from training.node.parenthood import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TICK: Final = 0.5
"""Seconds between two looks at whether a node's process is still there."""
LAST_WORDS: Final = 2000
ROOT: Final = Path(__file__).parents[2]


class NodeDiedError(RuntimeError):
    """A node's process ended while it had something to do."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes over one node's line.

    Attributes:
        up, down: of the TCP stream, as the node sent and received them.
        update, base: what of these was the body of the file itself.
        frames_up, frames_down: of whole frames, where the node has a network of its own; else None.
    """

    up: int
    down: int
    update: int
    base: int
    frames_up: int | None
    frames_down: int | None


@dataclass
class Node:
    """One node as the coordinator knows it."""

    network: Network
    line: Line
    process: subprocess.Popen[bytes]
    log: Path

    def __post_init__(self) -> None:
        self._told = (0, 0, self.network.frames())

    def traffic(self, *, update: int, base: int) -> Traffic:
        """Return what went over the line since the last call."""
        up, down, frames = self.line.up.total(), self.line.down.total(), self.network.frames()
        before = self._told
        self._told = (up, down, frames)
        sent, received = None, None
        if frames and before[2]:
            sent, received = frames[0] - before[2][0], frames[1] - before[2][1]
        return Traffic(up - before[0], down - before[1], update, base, sent, received)

    def check(self) -> None:
        """Raise NodeDiedError, with its last words, when its process has ended."""
        if self.process.poll() is not None:
            raise NodeDiedError(self.log.read_text("utf-8", errors="replace")[-LAST_WORDS:])


@dataclass
class Coordinator:
    """Nodes that wait for tasks."""

    nodes: Sequence[Node]
    weights: dict[str, Path]
    _number: int = 0

    def train(self, jobs: Sequence[dict[str, Any]], base: Path, out: Sequence[Path]) -> None:
        """Have trainings done on a base, each on the node of its place in the list.

        Each job holds the fields of a Task but its number and base; its update is put into the file of the
        same place in ``out``. With more jobs than nodes they queue.

        Raises:
            TaskFailedError, NodeDiedError: what a node said last.
        """
        with base.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.weights[sha256] = base
        waiting: dict[int, Path] = {}
        for place, (job, target) in enumerate(zip(jobs, out, strict=True)):
            self._number += 1
            waiting[self._number] = target
            self.nodes[place % len(self.nodes)].line.ask(Task(number=self._number, base=sha256, **job))
        while waiting:
            for node in self.nodes:
                node.check()
                found = node.line.answer(seconds=TICK / len(self.nodes))
                if found:
                    shutil.move(found[1], waiting.pop(found[0]))
        del self.weights[sha256]


@contextmanager
def running(count: int, home: Path, texts: Path) -> Iterator[Coordinator]:
    """Start nodes in processes of their own, and end them with the block."""
    weights: dict[str, Path] = {}
    with ExitStack() as stack:
        nodes = []
        for number in range(count):
            network = make_network(number)
            stack.callback(network.remove)
            nodes.append(_start(network, home / f"node-{number}", texts, weights, stack))
        yield Coordinator(nodes, weights)
        for node in nodes:
            node.line.dismiss()
        for node in nodes:
            node.process.wait()


def _start(network: Network, home: Path, texts: Path, weights: dict[str, Path], stack: ExitStack) -> Node:
    shutil.rmtree(home, ignore_errors=True)
    (home / "inbox").mkdir(parents=True)
    line = Line(network.host, weights, home / "inbox")
    stack.callback(line.close)
    log = home / "log.txt"
    command = [sys.executable, "-m", "training.experiment.member", line.address, str(home), str(texts)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*network.prefix, *command],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - only one prctl call
        )
    stack.callback(_end, process)
    return Node(network, line, process, log)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
