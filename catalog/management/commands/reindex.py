from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.search import get_index
from catalog.search.index import SearchUnavailableError
from catalog.search.reindex import measure_drift, reindex


class Command(BaseCommand):
    """Bring the search index to what the database says. Interrupted, it goes on where it stopped."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer a look without a touch, and a start from nothing."""
        parser.add_argument(
            "--check", action="store_true", help="only say what differs; exit 1 if anything does"
        )
        parser.add_argument("--fresh", action="store_true", help="forget the whole index first")

    def handle(self, *_args: Any, check: bool, fresh: bool, **_options: Any) -> None:
        """Reindex, or with ``--check`` only compare.

        Raises:
            CommandError: index and database differ, or the index can not be used.
        """
        index = get_index()
        try:
            if check:
                self._compare()
                return
            if fresh:
                index.clear()
            changed = reindex(index, progress=self._show)
            self.stdout.write(f"{changed} changed, {index.count()} documents in the index")
        except SearchUnavailableError as error:
            raise CommandError(f"The search index can not be used: {error}") from None

    def _compare(self) -> None:
        drift = measure_drift(get_index())
        for name in ("missing", "stale", "surplus"):
            slugs = getattr(drift, name)
            self.stdout.write(f"{name}: {len(slugs)} {' '.join(slugs[:10])}".rstrip())
        if drift.total:
            raise CommandError(f"{drift.total} entries differ; `manage.py reindex` brings them in line")

    def _show(self, done: int, total: int) -> None:
        self.stdout.write(f"{done} of {total} entries")
