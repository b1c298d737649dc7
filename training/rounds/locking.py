"""One process at a time for one piece of work, whichever machine it runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

LOCK: Final = 0x7A9E  # first half of the advisory locks' key; the second is the round's id


@contextmanager
def alone(key: int, *, space: int = LOCK) -> Iterator[bool]:
    """Hold a round's lock, or that of another thing in a ``space`` of its own; tell whether it is ours.

    Key and space are below 2³¹. PostgreSQL lets the lock go when the process that holds it dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, key])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, key])
