"""The node's Celery worker: one queue, one job at a time. A message is an id and nothing worth forging."""

import logging
from collections.abc import Callable

from celery import Celery
from celery.signals import worker_shutting_down

from training.node import execution
from training.node.errors import NodeError
from training.node.home import NodeHome

logger = logging.getLogger(__name__)
TASK = "training.node.run_job"


def make_app(home: NodeHome, *, broker: str) -> Celery:
    """Return the app whose only task runs a job of this home.

    Acknowledged late and never retried by Celery: the coordinator's reaper sends a lost job again (INV-8).
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
        broker_transport_options={"visibility_timeout": 6 * 3600},
        timezone="UTC",
    )

    @app.task(name=TASK)  # type: ignore[untyped-decorator]
    def run_job(job_id: str) -> str:
        return attempt(lambda: execution.run_job(home, job_id), job_id)

    return app


def attempt(work: Callable[[], str], job_id: str) -> str:
    """Run one job; whatever happens to it, the worker lives on. What it could not report, its lease tells."""
    try:
        return work()
    except NodeError as error:
        logger.warning("job %s: %s: %s", job_id, error.code, error)
    except Exception:
        logger.exception("job %s: unexpected", job_id)
    return "lost"


def work(app: Celery, *, queue: str, name: str) -> None:
    """Serve the queue in this very process until it is told to stop.

    The solo pool: the computing happens in a child of its own, and a killed worker leaves nothing behind.
    """
    worker_shutting_down.connect(_stop, weak=False)
    app.worker_main(
        [
            *("worker", "--pool=solo", f"--queues={queue}", f"--hostname={name}"),
            *("--without-gossip", "--without-mingle", "--loglevel=INFO"),
        ]
    )


def _stop(**_: object) -> None:
    execution.stopping.set()
