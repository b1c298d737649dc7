import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tapestry.embedded.lock import AlreadyRunning
from tapestry.embedded.privilege import PrivilegeMissing
from tapestry.embedded.process import ChildFailed
from tapestry.environment import read_environment
from tapestry.up.preflight import CannotStart
from tapestry.up.signals import StopRequested, stop_on_signals
from tapestry.up.stack import Stack


class Command(BaseCommand):
    """The main job without a person: ``make demo``."""

    help = (
        "Bring the whole stack up, play the main job from a proposal to a traced checkpoint, and stop again."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit 0 only when a contribution was merged and the new base traces to its datasets."""
        from tapestry.demonstration.rounds import RoundFailed
        from tapestry.demonstration.story import BrokenLink, Story

        start = time.monotonic()
        try:
            with stop_on_signals(), Stack(read_environment(), announce=self.say) as stack:
                stack.wait_ready()
                self.say(f"Ready at {stack.environment.address}/ after {time.monotonic() - start:.1f} s")
                base = Story(announce=self.say, watch=stack.watch).play()
        except StopRequested:
            raise CommandError("Stopped before the end.", returncode=130) from None
        except (BrokenLink, RoundFailed) as error:
            raise CommandError(f"Broken link: {error}", returncode=1) from None
        except (AlreadyRunning, CannotStart, ChildFailed, PrivilegeMissing) as error:
            raise CommandError(str(error), returncode=1) from None
        self.say(f"\nDone in {time.monotonic() - start:.0f} s: {base}, {base.digest}")

    def say(self, message: str) -> None:
        """One line on the terminal, at once."""
        self.stdout.write(message)
        self.stdout.flush()
