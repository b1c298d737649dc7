"""The Celery application. Messages carry ids and nothing worth forging; the database is the truth (INV-8)."""

import os
from functools import partial
from pathlib import Path
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.utils import uuid
from django.db import transaction

FLOORS = ("provenance", "catalog", "training", "tapestry")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapestry.settings")


class TapestryTask(DjangoTask):  # type: ignore[misc]
    """Enqueues only after commit, by default and not by memory.

    A worker that starts before the transaction ends would not find its row; one that rolls back would have
    sent a message about something that never happened. The id of the task is known at once either way.
    """

    abstract = True

    def apply_async(
        self,
        args: tuple[Any, ...] | list[Any] | None = None,
        kwargs: dict[str, Any] | None = None,
        task_id: str | None = None,
        **options: Any,
    ) -> Any:
        """Send now outside a transaction, else when the outermost one commits."""
        task_id = task_id or uuid()
        send = partial(super().apply_async, args, kwargs, task_id=task_id, **options)
        if not transaction.get_connection().in_atomic_block:
            return send()
        transaction.on_commit(send)
        return self.AsyncResult(task_id)


def _rooms_with_tasks() -> list[str]:
    """Dotted names of the rooms that have a `tasks.py`. The node's tasks belong to the nodes' own workers."""
    house = Path(__file__).resolve().parent.parent
    files = (path for floor in FLOORS for path in (house / floor).rglob("tasks.py"))
    rooms = (".".join(path.relative_to(house).parent.parts) for path in files)
    return sorted(room for room in rooms if not room.startswith("training.node."))


app = Celery("tapestry", task_cls=TapestryTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(_rooms_with_tasks)
