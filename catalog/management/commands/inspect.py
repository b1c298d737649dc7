from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.datasets.models import STORABLE, DatasetFile, DatasetVersion
from catalog.facts import INSPECTOR
from catalog.inspection.models import EntryFacts
from catalog.inspection.requesting import request_version

BATCH: Final = 100


class Command(BaseCommand):
    """Queue what the current inspector has not looked at yet. Interrupted, it goes on where it stopped."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer every version instead of each entry's newest, or a single one."""
        parser.add_argument("--all", action="store_true", help="also versions that are not the newest")
        parser.add_argument("--only", metavar="SLUG/NUMBER", help="one version only, such as udhr/2")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask for the facts of each version that lacks them; the workers compute them.

        Raises:
            CommandError: there is no such version.
        """
        lacking = self._chosen(options["only"], every=options["all"])
        total, files = lacking.count(), 0
        for done, version in enumerate(_one_by_one(lacking), 1):
            with transaction.atomic():
                files += request_version(version)
            if done % BATCH == 0 or done == total:
                self.stdout.write(f"{done} of {total} versions, {files} files queued")
        if not total:
            self.stdout.write(f"nothing lacks the facts of inspector {INSPECTOR}")

    def _chosen(self, named: str | None, *, every: bool) -> QuerySet[DatasetVersion]:
        stored = DatasetFile.objects.filter(version=OuterRef("pk"), storage=DatasetFile.Storage.BLOB)
        known = EntryFacts.objects.filter(version=OuterRef("pk"), inspector=INSPECTOR)
        versions = DatasetVersion.objects.filter(Exists(stored), ~Exists(known), tier__in=STORABLE)
        if named:
            return versions.filter(pk=_find(named).pk)
        if every:
            return versions
        later = DatasetVersion.objects.filter(dataset=OuterRef("dataset"), number__gt=OuterRef("number"))
        return versions.filter(~Exists(later))


def _find(named: str) -> DatasetVersion:
    slug, _slash, number = named.rpartition("/")
    asked = Q(dataset__slug=slug, number=int(number)) if number.isdecimal() else Q(pk=None)
    version = DatasetVersion.objects.filter(asked).first()
    if version is None:
        raise CommandError(f"There is no version {named}; name one as slug/number.")
    return version


def _one_by_one(versions: QuerySet[DatasetVersion]) -> Iterator[DatasetVersion]:
    last = 0
    while batch := list(versions.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        yield from batch
