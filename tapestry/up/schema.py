"""Bring the tables to the state of the code, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor

from catalog.vocabularies.loading import load_shipped
from provenance.errors import MigrationRefused
from tapestry.embedded.process import Announce
from tapestry.up.preflight import CannotStart

_LOCK = 0x7A9E57  # any number that no other program on a shared server takes


def migrate(announce: Announce) -> None:
    """Apply what is missing. Each migration is one transaction, so an interrupted run goes on.

    Raises:
        CannotStart: the tables were made by a newer program, or in an order that this code does not know.
    """
    with _alone():
        executor = MigrationExecutor(connection)
        newer = newer_migrations(executor)
        if newer:
            raise CannotStart(
                f"The database is newer than this program: it knows {', '.join(newer)}. "
                "Start the newer program, or use another database or folder (DATABASE_URL, TAPESTRY_VAR)."
            )
        try:
            executor.loader.check_consistent_history(connection)
        except InconsistentMigrationHistory as error:
            raise CannotStart(
                f"The database's history does not fit this program: {error} "
                "Restore a backup, or use another folder (TAPESTRY_VAR)."
            ) from None
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if waiting:
            announce(f"Bringing the database up to date ({waiting} migrations)")
            _apply()
        load_shipped()  # a newer program may ship terms without a migration


def _apply() -> None:
    """Run the migrations; one that refuses the data it finds says why."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except MigrationRefused as refusal:
        raise CannotStart(str(refusal)) from None


def newer_migrations(executor: MigrationExecutor) -> list[str]:
    """Migrations of our installed apps that the database has and the code has not."""
    ours = {config.label for config in apps.get_app_configs()}
    known = set(executor.loader.disk_migrations) | set(executor.loader.replacements)
    return [
        f"{app}.{name}"
        for app, name in sorted(executor.loader.applied_migrations)
        if app in ours and (app, name) not in known
    ]


@contextmanager
def _alone() -> Iterator[None]:
    """An advisory lock: of several that start on one database, one migrates and the others wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
