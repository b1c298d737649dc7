from typing import Any

from django.core.management.base import BaseCommand

from tapestry.demonstration.seeding import seed


class Command(BaseCommand):
    """The demonstration consortium."""

    help = "Fill the catalog with the demonstration consortium; what is there already stays."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Seed, one line a part."""
        seed(lambda line: self.stdout.write(f"  {line}"))
