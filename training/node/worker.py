"""The node's Celery worker: it puts the ids that arrive on the desk. A message is nothing worth forging."""

import logging
import re
from typing import Final

from celery import Celery
from celery.signals import worker_shutting_down

from training.node.jobs import execution
from training.node.jobs.desk import Desk
from training.node.jobs.recalls import Recalls

logger = logging.getLogger(__name__)
TASK: Final = "training.node.run_job"
STOP_SECONDS: Final = 8.0
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def make_app(desk: Desk, *, broker: str) -> Celery:
    """Return the app whose only task puts a job on the desk.

    Acknowledged late: once the journal is on the disk. What is lost before, the coordinator's reaper sends
    again (INV-8).
    """
    # No fixups: where DJANGO_SETTINGS_MODULE happens to be set, Celery would set Django up in here.
    app = Celery("tapestry-node", broker=broker, fixups=set())
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        timezone="UTC",
    )

    @app.task(name=TASK)  # type: ignore[untyped-decorator]
    def run_job(job_id: str) -> str:
        if not _ID.fullmatch(str(job_id)):
            logger.warning("a message without a job's id was passed over")
            return "passed-over"
        desk.note(job_id)
        return "noted"

    return app


def work(app: Celery, desk: Desk, *, queue: str, name: str) -> None:
    """Serve the queue in this very process until it is told to stop.

    The solo pool: the desk has a thread of its own, the computing happens in a child of its own, and a
    killed worker leaves nothing behind.
    """
    worker_shutting_down.connect(_stop, weak=False)
    desk.start()
    Recalls(desk.home).start()
    try:
        app.worker_main(
            [
                *("worker", "--pool=solo", f"--queues={queue}", f"--hostname={name}"),
                *("--without-gossip", "--without-mingle", "--loglevel=INFO"),
            ]
        )
    finally:
        execution.stopping.set()
        desk.join(timeout=STOP_SECONDS)


def _stop(**_: object) -> None:
    execution.stopping.set()
