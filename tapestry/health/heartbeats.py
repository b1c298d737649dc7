"""Signs of life of the workers and the beat, written by their main processes and not by tasks.

A task would wait behind two long merges and call a busy worker dead.
"""

import time
from typing import Any

from celery import signals

from tapestry.broker import client

WORKER = "tapestry:heartbeat:worker"
INSPECTOR = "tapestry:heartbeat:inspector"
BEAT = "tapestry:heartbeat:beat"
INSPECTION = "inspection@"  # how the names of workers begin that inspect files
FRESH_SECONDS = 20  # a worker writes every 2 s, the beat with each task of its schedule (every 3 s)


def note(key: str) -> None:
    """Write the time now; it fades after FRESH_SECONDS."""
    client().set(key, time.time(), ex=FRESH_SECONDS)


@signals.heartbeat_sent.connect  # type: ignore[untyped-decorator]
def note_worker(sender: Any, **_: Any) -> None:
    """Celery's own heartbeat left a worker."""
    note(_key_of(sender.eventer.hostname))


@signals.worker_shutdown.connect  # type: ignore[untyped-decorator]
def forget_worker(sender: Any, **_: Any) -> None:
    """A worker goes in order: say so at once."""
    client().delete(_key_of(sender.hostname))


def _key_of(hostname: str) -> str:
    return INSPECTOR if hostname.startswith(INSPECTION) else WORKER


@signals.beat_init.connect  # type: ignore[untyped-decorator]
def watch_publishing(**_: Any) -> None:
    """Only in the beat's process does a published task mean that the beat lives."""
    signals.after_task_publish.connect(note_beat)


def note_beat(**_: Any) -> None:
    """The beat published a task."""
    note(BEAT)
