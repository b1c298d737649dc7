from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.members.charter import found_consortium, read_charter
from provenance.errors import DomainError


class Command(BaseCommand):
    """Enter the first members of a consortium from a TOML file, once. After it, members vote on members."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and a wish to only check it."""
        parser.add_argument("file", type=Path, help="[[members]], each with [[members.maintainers]]")
        parser.add_argument("--check", action="store_true", help="read it and change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Found the consortium, all of it or nothing.

        Raises:
            CommandError: the file does not read, or there is a consortium already.
        """
        try:
            charter = read_charter(options["file"])
            if not options["check"]:
                found_consortium(charter)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        people = sum(len(founder.maintainers) for founder in charter.members)
        done = "would be founded by" if options["check"] else "is founded by"
        self.stdout.write(f"The consortium {done} {len(charter.members)} members with {people} maintainers.")
        if not options["check"]:
            self.stdout.write("A letter to each maintainer is on its way; from here on members vote.")
