"""How a sovereign node finds its work: it asks outward only, and feeds its own queue."""

import logging
import threading
import time
from typing import Final

from celery import Celery

from training.node import execution
from training.node.client import Coordinator
from training.node.errors import NodeError
from training.node.home import NodeHome
from training.node.worker import TASK

logger = logging.getLogger(__name__)

QUEUE: Final = "node.local"
POLL_SECONDS: Final = 2.0
REPEAT_SECONDS: Final = 15.0
"""After this long an id that still waits is queued again: our own queue may have lost it."""


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
