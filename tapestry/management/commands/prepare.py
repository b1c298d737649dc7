"""`manage.py prepare`: what a cluster does once before its parts start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tapestry.up import assets, schema
from tapestry.up.preflight import CannotStart


class Command(BaseCommand):
    """Tables and static files, safe to repeat and safe to run twice at once."""

    help = "Brings the database's tables and the static files to the state of the code."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Run both; a refusal ends with one line."""
        try:
            schema.migrate(self.stdout.write)
            assets.collect(self.stdout.write)
        except CannotStart as error:
            raise CommandError(str(error)) from None
