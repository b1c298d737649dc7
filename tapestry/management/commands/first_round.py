from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tapestry.demonstration.rounds import RoundFailed, current_round, needs_first_round, play_round


class Command(BaseCommand):
    """What ``make run`` plays in the background on its first run."""

    help = "Play the demonstration's first round to its end; nothing to do once there was one."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Play it, or go on with it after a restart."""
        if not needs_first_round() and current_round() is None:
            return
        try:
            round_ = play_round(self.stdout.write, seconds=1800)
        except RoundFailed as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{round_} is closed: {round_.result}")
