"""Asking workers for the ranges that are missing: not again while somebody is at them."""

from datetime import timedelta
from typing import Final

from celery import chord, current_app
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from training.rounds.ranges.locks import RANGES, number_of
from training.rounds.ranges.models import RangedMerge

RANGE: Final = "training.rounds.ranges.tasks.compute_range_of"
LOOK: Final = "training.rounds.ranges.tasks.look_at_merge"
PATIENCE: Final = timedelta(seconds=10)
DOUBLINGS: Final = 5  # some five minutes at most


def ask_for(merge: RangedMerge, missing: list[int]) -> None:
    """Send a Celery chord: one task a missing range, and the next look at this merge when all are through.

    Nothing is sent while a worker is at one of these ranges, nor shortly after a sign of life: the messages
    may well be on their way. Each time in a row that nothing came of it, the wait is twice as long.
    """
    now = timezone.now()
    done_at = merge.ranges.filter(step=merge.step).aggregate(last=Max("created_at"))["last"]
    if merge.asked_at is not None:
        times = 1 if done_at and done_at > merge.asked_at else merge.asked_times
        wait = PATIENCE * 2 ** min(times - 1, DOUBLINGS)
        if now < max(merge.asked_at, done_at or merge.asked_at) + wait or _anybody_is_at(merge, missing):
            return
        merge.asked_times = times
    merge.asked_at, merge.asked_times = now, merge.asked_times + 1
    merge.save(update_fields=["asked_at", "asked_times"])
    transaction.on_commit(lambda: _send(merge, missing), robust=True)


def _send(merge: RangedMerge, missing: list[int]) -> None:
    """Immutable signatures: what a range task returns is nothing, and nothing of it is believed."""
    tasks = [
        current_app.signature(RANGE, args=[merge.key, merge.step, start], immutable=True) for start in missing
    ]
    chord(tasks)(current_app.signature(LOOK, args=[merge.key], immutable=True))


def _anybody_is_at(merge: RangedMerge, missing: list[int]) -> bool:
    """Tell whether the lock of one of these ranges is held, by whatever machine."""
    numbers = [number_of(merge.key, merge.step, start) for start in missing]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND datname = current_database()"
            " AND classid = %s AND objid::bigint = ANY(%s))",
            [RANGES, numbers],
        )
        return bool(cursor.fetchone()[0])
