"""`manage.py up`: everything that runs, from one terminal."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tapestry.embedded.lock import AlreadyRunning
from tapestry.embedded.privilege import PrivilegeMissing
from tapestry.embedded.process import ChildFailed
from tapestry.environment import Environment, read_environment
from tapestry.up import programs
from tapestry.up.preflight import CannotStart
from tapestry.up.signals import StopRequested, stop_on_signals
from tapestry.up.stack import Stack


class Command(BaseCommand):
    """Start, watch, and stop on Ctrl-C or SIGTERM with exit code 0."""

    help = "Starts database, broker, web, worker, beat and the demonstration's nodes, and watches over them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two switches, both for the demonstration."""
        parser.add_argument("--no-nodes", action="store_true", help="leave the demonstration's nodes out")
        parser.add_argument(
            "--background-round",
            "--round",
            action=BooleanOptionalAction,
            default=True,
            help="play one real round in the background, where none has ended yet",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Run until told to stop."""
        environment = read_environment()
        try:
            with (
                stop_on_signals(),
                Stack(environment, announce=self.say, nodes=not options["no_nodes"]) as stack,
            ):
                stack.wait_ready()
                self.greet(environment)
                if options["background_round"] and not options["no_nodes"]:
                    stack.launch(programs.first_round(environment))
                stack.supervise()
        except StopRequested:
            self.say("Stopped. Everything is kept; start again with: make run")
        except (AlreadyRunning, CannotStart, ChildFailed, PrivilegeMissing) as error:
            raise CommandError(str(error), returncode=1) from None

    def say(self, message: str) -> None:
        """One line on the terminal, at once."""
        self.stdout.write(message)
        self.stdout.flush()

    def greet(self, environment: Environment) -> None:
        """Where it is, and how to sign in to the demonstration."""
        from tapestry.demonstration.accounts import demonstration_password, sign_in_lines

        self.say(f"\nTapestry Catalog is ready: {environment.address}/")
        self.say("Sign in as one of the demonstration's people:")
        for line in sign_in_lines():
            self.say(f"  {line}")
        self.say(f"Their password on this installation: {demonstration_password(environment.var)}")
        self.say("Stop with Ctrl-C.\n")
