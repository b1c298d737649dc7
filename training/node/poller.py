"""How a sovereign node finds its work: it asks outward only, and feeds its own queue."""

import logging
import random
import threading
import time
from contextlib import closing
from typing import Final

from celery import Celery

from training.node.client import Coordinator
from training.node.errors import STANDING, NodeError
from training.node.home import NodeHome
from training.node.jobs import execution
from training.node.worker import TASK

logger = logging.getLogger(__name__)

QUEUE: Final = "node.local"
POLL_SECONDS: Final = 2.0
LONGEST_AWAY: Final = 60.0
LONGEST_STANDING: Final = 300.0
JITTER: Final = 0.1
REPEAT_SECONDS: Final = 15.0
"""After this long an id that still waits is queued again: our own queue may have lost it."""


class Poller(threading.Thread):
    """Asks the coordinator which jobs wait, as often as it is asked to, and queues each id.

    A coordinator that is away, or does not work with this node now, is asked ever more slowly and never
    given up; each change is logged once.
    """

    def __init__(self, home: NodeHome, app: Celery) -> None:
        super().__init__(name="poller", daemon=True)
        self._home = home
        self._app = app
        self._sent: dict[str, float] = {}
        self._trouble = ""
        self._pause = POLL_SECONDS

    def run(self) -> None:
        """Poll until the node stops."""
        while not execution.stopping.wait(self._pause * random.uniform(1 - JITTER, 1 + JITTER)):  # noqa: S311
            try:
                asked = self.poll()
            except NodeError as error:
                self._slow_down(error)
            else:
                self._pause = max(asked, POLL_SECONDS / 2)
                if self._trouble:
                    logger.info("the coordinator works with this node again")
                self._trouble = ""

    def poll(self) -> float:
        """Queue every waiting job that was not queued lately; return after how many seconds to ask again."""
        now = time.monotonic()
        # Anew each time: the key in force, and the operator's proxy and authority, may have changed.
        with closing(Coordinator.of(NodeHome(self._home.folder), patience=0)) as coordinator:
            answer = coordinator.get("/api/v1/node/jobs")
        waiting = [str(job["id"]) for job in answer["jobs"]]
        self._sent = {job: at for job, at in self._sent.items() if job in waiting}
        for job in waiting:
            if now - self._sent.get(job, -REPEAT_SECONDS) >= REPEAT_SECONDS:
                self._app.send_task(TASK, args=[job], queue=QUEUE)
                self._sent[job] = now
        return float(answer.get("next_in_seconds", POLL_SECONDS))

    def _slow_down(self, error: NodeError) -> None:
        standing = error.code in STANDING
        self._pause = min(self._pause * 2, LONGEST_STANDING if standing else LONGEST_AWAY)
        if error.code != self._trouble:
            what = "does not work with this node now" if standing else "is away"
            logger.warning("the coordinator %s, work here goes on: %s: %s", what, error.code, error)
        self._trouble = error.code
