"""A node of the experiment: ``python -m training.experiment.member <address> <home> <texts>``.

It only ever calls out: asks for its next task, fetches the base, trains with the node's own trainer in this
very process (so that a round of twenty steps does not wait for torch to load), and sends the update.
"""

from __future__ import annotations

import hashlib
import http.client
import shutil
import sys
from pathlib import Path

from training.experiment.tasks import Task
from training.merge import DEMONSTRATION
from training.node.errors import NodeError
from training.node.learning.model import build_empty
from training.node.learning.sharding import Group
from training.node.learning.trainer import DELTA, train

CHUNK = 1 << 16


class Line:
    """The one connection to the coordinator."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)

    def next_task(self) -> Task | None:
        """Wait for a task; None when there will be no more."""
        answer = self._ask("GET", "/task")
        body = answer.read()
        return Task.model_validate_json(body) if answer.status == http.client.OK else None

    def fetch(self, sha256: str, target: Path) -> None:
        """Fetch weights; raises ValueError when they are not those that were named."""
        answer = self._ask("GET", f"/weights/{sha256}")
        digest = hashlib.sha256()
        with target.open("wb") as file:
            while chunk := answer.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != sha256:
            raise ValueError(f"the coordinator sent other weights than {sha256}")

    def send(self, number: int, update: Path) -> None:
        """Send the update of a task."""
        with update.open("rb") as file:
            size = {"Content-Length": str(update.stat().st_size)}
            self._connection.request("PUT", f"/updates/{number}", body=file, headers=size)
            self._connection.getresponse().read()

    def fail(self, number: int, error: Exception) -> None:
        """Say why there is no update."""
        self._connection.request("POST", f"/failures/{number}", body=str(error)[:400].encode())
        self._connection.getresponse().read()

    def _ask(self, method: str, path: str) -> http.client.HTTPResponse:
        self._connection.request(method, path)
        return self._connection.getresponse()


def do(task: Task, line: Line, home: Path, texts: Path) -> None:
    """Do one task, and send what it yields; the very training that was done last is not done again."""
    base = home / "base.safetensors"
    line.fetch(task.base, base)
    request = task.request(base, texts / task.folder)
    workspace = home / request.digest()
    try:
        if not (workspace / DELTA).exists():
            for older in home.glob(f"*/{DELTA}"):
                shutil.rmtree(older.parent)
            workspace.mkdir(exist_ok=True)
            train(workspace, request, Group())
    except NodeError as error:
        line.fail(task.number, error)
    else:
        line.send(task.number, workspace / DELTA)


def main(address: str, home: Path, texts: Path) -> None:
    """Do tasks until there are no more."""
    build_empty(DEMONSTRATION.model_dump())  # loads the libraries while the other nodes do
    line = Line(address)
    while task := line.next_task():
        do(task, line, home, texts)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
