from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from provenance.actors import COORDINATOR
from provenance.errors import DomainError
from training.imports.errors import ImportRefused
from training.imports.hub import fetch_model
from training.imports.services import import_model
from training.scratch import scratch_folder


class Command(BaseCommand):
    """Take a model that was made elsewhere: from a folder, or from a hub at one commit.

    Only numbers are read (safetensors, config.json, tokenizer.json), never code and never pickles. What was
    read is signed with its hashes, its licence and its revision.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where it is from, what it is called and its licence."""
        parser.add_argument("source", help="a folder, or with --hub a repository such as organisation/model")
        parser.add_argument("--name", required=True, help="what people call it here")
        parser.add_argument("--licence", default="", help="SPDX expression; without it the card's own word")
        parser.add_argument("--hub", action="store_true", help="the source is a repository on the hub")
        parser.add_argument("--revision", default="main", help="branch, tag or commit on the hub")
        parser.add_argument("--endpoint", default=None, help="another hub that speaks the same protocol")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import it and print its address.

        Raises:
            CommandError: with the code and the reason, when the model is refused.
        """
        try:
            if options["hub"]:
                with scratch_folder() as folder:
                    commit = fetch_model(
                        options["source"], folder, revision=options["revision"], endpoint=options["endpoint"]
                    )
                    self._take(folder, options, source=options["source"], revision=commit)
            else:
                folder = Path(options["source"])
                self._take(folder, options, source=folder.resolve().name, revision="")
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        except DomainError as error:
            raise CommandError(f"{error.code}: {error}") from error

    def _take(self, folder: Path, options: dict[str, Any], *, source: str, revision: str) -> None:
        model = import_model(
            COORDINATOR,
            folder,
            name=options["name"],
            source=source,
            revision=revision,
            licence=options["licence"],
        )
        self.stdout.write(f"{model.name} is {model.digest} ({model.licence})")
        self.stdout.write(f"weights {model.weights_sha256}, {model.weights_bytes:,} bytes as float32")
