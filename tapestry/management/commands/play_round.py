from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tapestry.demonstration.rounds import RoundFailed, current_round, needs_first_round, play_round
from training.rounds.plan import TrainingPlan


class Command(BaseCommand):
    """A round with the demonstration's maintainers played; ``make run`` does it once in the background."""

    help = (
        "Open a round of the demonstration (or go on with the one that runs) and decide as its maintainers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Length of the training, and whether a first round is enough."""
        parser.add_argument("--steps", type=int, default=TrainingPlan().steps)
        parser.add_argument("--only-first", action="store_true", help="do nothing once a round has ended")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play it, or go on with it after a restart."""
        if options["only_first"] and current_round() is None and not needs_first_round():
            return
        steps = options["steps"]
        plan = TrainingPlan(steps=steps, warmup_steps=min(steps, TrainingPlan().warmup_steps))
        try:
            round_ = play_round(self.say, seconds=1800, plan=plan)
        except RoundFailed as error:
            raise CommandError(str(error)) from None
        self.say(f"{round_} is closed: {round_.result}")

    def say(self, line: str) -> None:
        """One line on the terminal, at once."""
        self.stdout.write(line)
        self.stdout.flush()
