from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from provenance.actors import COORDINATOR
from provenance.errors import DomainError
from training.families.models import ImportedModel
from training.imports.criteria import read_criteria
from training.imports.scoring import score_models
from training.node.errors import NodeError


class Command(BaseCommand):
    """Measure imported models against criteria that a TOML file declares, and sign the scorecard."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the criteria and the models."""
        parser.add_argument("criteria", type=Path, help="TOML with a title and [[criteria]]")
        parser.add_argument("models", nargs="+", help="names of imported models")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure, print the totals, best first.

        Raises:
            CommandError: a criterion or a model is unknown, or a measurement failed.
        """
        found = ImportedModel.objects.in_bulk(options["models"], field_name="name")
        if missing := [name for name in options["models"] if name not in found]:
            raise CommandError(f"There is no imported model {missing[0]!r}.")
        try:
            criteria = read_criteria(options["criteria"])
            card = score_models(COORDINATOR, criteria, list(found.values()), self.stdout.write)
        except (DomainError, NodeError, OSError) as error:
            raise CommandError(str(error)) from error
        names = {model.digest: model.name for model in found.values()}
        for digest, total in sorted(card.results["totals"].items(), key=lambda item: -item[1]):
            self.stdout.write(f"{total:6.1f}  {names[digest]}")
        self.stdout.write(f"scorecard {card.digest}")
