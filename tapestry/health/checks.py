"""One check per component: each raises or returns what it saw. None of them tells a secret or an address."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tapestry.broker import client
from tapestry.health.heartbeats import BEAT, FRESH_SECONDS, INSPECTOR, WORKER


class NotReady(Exception):  # noqa: N818 - named for what is the case
    """A component works and is not in the state that we need; the text may be shown to everyone."""


@dataclass(frozen=True)
class Seen:
    """What a check saw of a component that is well."""

    version: str = ""
    detail: str = ""


def check_database() -> Seen:
    """PostgreSQL answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return Seen(version=f"PostgreSQL {cursor.fetchone()[0]}")


def check_migrations() -> Seen:
    """The tables are those of this code."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReady(f"{len(waiting)} migrations are waiting")
    return Seen(detail=f"{len(executor.loader.applied_migrations)} applied")


def check_broker() -> Seen:
    """Valkey (or Redis) keeps what it is given."""
    about = client().info("server")
    name = about.get("server_name", "redis").capitalize()
    return Seen(version=f"{name} {about.get('valkey_version') or about.get('redis_version', '')}".strip())


def check_search() -> Seen:
    """The search index can be read."""
    from catalog.search import get_index

    return Seen(detail=str(get_index().check() or ""))


def check_blobs() -> Seen:
    """The blob store can be written and read."""
    from provenance.blobs import get_store

    return Seen(detail=str(get_store().check() or ""))


def check_worker() -> Seen:
    """A Celery worker of the coordinator's queue has sent its heartbeat."""
    return _fresh(WORKER)


def check_inspector() -> Seen:
    """A Celery worker of the queue of inspections has sent its heartbeat."""
    return _fresh(INSPECTOR)


def check_beat() -> Seen:
    """The beat has published a task of its schedule."""
    return _fresh(BEAT)


def _fresh(key: str) -> Seen:
    last = client().get(key)
    if last is None:
        raise NotReady(f"no heartbeat within {FRESH_SECONDS} s")
    return Seen(detail=f"heartbeat {max(0.0, time.time() - float(last)):.0f} s ago")


CHECKS: dict[str, Callable[[], Seen]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "search": check_search,
    "blobs": check_blobs,
    "worker": check_worker,
    "inspector": check_inspector,
    "beat": check_beat,
}
