"""Messages to workers. They carry ids, leave after the commit, and may be lost without harm (INV-8)."""

from typing import Any

from celery import current_app
from django.db import transaction


def send_after_commit(
    task: str, *args: str | int, queue: str | None = None, expires: float | None = None
) -> None:
    """Send one message once the open transaction commits; it goes to the default queue unless one is named.

    A broker that is down costs time and nothing else: the change stands, the log has a line, and the
    conductor or the reaper sends again. ``expires`` (seconds) drops a message that a later one will replace
    anyway.
    """
    options: dict[str, Any] = {"args": list(args), "ignore_result": True}
    if queue is not None:
        options["queue"] = queue
    if expires is not None:
        options["expires"] = expires

    def send() -> None:  # not a partial: Django names what failed by its __qualname__
        current_app.send_task(task, **options)

    transaction.on_commit(send, robust=True)


def advance_soon(round_id: int) -> None:
    """Ask the conductor to look at a round as soon as the open transaction commits."""
    send_after_commit("training.rounds.tasks.advance_round", round_id, expires=30)
