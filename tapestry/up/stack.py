"""The whole program as one object: started in order, watched, stopped in the reverse order."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections

from tapestry.embedded.lock import hold
from tapestry.embedded.pidfile import end_orphans
from tapestry.embedded.process import Announce, Child, ChildFailed, Command
from tapestry.embedded.services import start_services, stop_all
from tapestry.environment import Environment
from tapestry.up import assets, preflight, programs, schema

READY_SECONDS = 90.0
LOOK_EVERY = 0.5  # seconds between two looks at the children


class Stack:
    """PostgreSQL, Valkey, web, worker, beat and the demonstration's nodes of one `var` folder.

    Use it as a context manager, from the main thread: the children die with the thread that started them.
    """

    def __init__(self, environment: Environment, *, announce: Announce, nodes: bool = True) -> None:
        self.environment = environment
        self.first_run = False
        self._announce = announce
        self._with_nodes = nodes
        self._held = ExitStack()
        self._services: list[Child] = []
        self._programs: list[Child] = []
        self._nodes: list[Child] = []

    def start(self) -> None:
        """Start everything; what was started is stopped again when a later part fails.

        Raises:
            AlreadyRunning, CannotStart, ChildFailed, PrivilegeMissing: with the cause and the remedy.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        preflight.check_folder(self.environment.var)
        self._held.enter_context(hold(self.environment.run_folder / "up.lock", folder=self.environment.var))
        for name in end_orphans(self.environment.run_folder):
            self._announce(f"Ended {name}, which an earlier run had left behind")
        preflight.check_surroundings(self.environment)
        preflight.empty_scratch(self.environment.scratch)
        self._announce(f"Starting the services under {self.environment.var}")
        self._services = start_services(self.environment, announce=self._announce)
        schema.migrate(self._announce)
        assets.collect(self._announce)
        self._seed()
        connections.close_all()
        commands = [
            programs.web(self.environment),
            programs.worker(self.environment),
            programs.inspector(self.environment),
            programs.beat(self.environment),
        ]
        for command in commands:
            self.launch(command)
        for command in programs.nodes(self.environment) if self._with_nodes else []:
            self._begin(command, among=self._nodes)

    def _seed(self) -> None:
        """A house without a single account is new: seed it, or go on where a kill broke the seeding off."""
        begun = self.environment.run_folder / "seeding"
        self.first_run = not get_user_model().objects.exists()
        if self.environment.demonstration and (self.first_run or begun.exists()):
            begun.touch()
            self._announce("First run: seeding the demonstration consortium")
            call_command("seed")
            begun.unlink()

    def launch(self, command: Command) -> None:
        """Start one more program, and watch over it like the others."""
        self._begin(command, among=self._programs)

    def _begin(self, command: Command, *, among: list[Child]) -> None:
        child = Child(command, var=self.environment.var, announce=self._announce)
        child.start()
        among.append(child)

    @property
    def children(self) -> list[Child]:
        """Every supervised process, in the order of the start."""
        return [*self._services, *self._programs, *self._nodes]

    def wait_ready(self, *, seconds: float = READY_SECONDS) -> None:
        """Until `/readyz` says so, watching the children meanwhile.

        Raises:
            ChildFailed: not ready in time; the text names the components that are not.
        """
        deadline = time.monotonic() + seconds
        while not (report := self.readiness()).get("ready"):
            if time.monotonic() > deadline:
                raise ChildFailed(
                    f"Not ready after {seconds:.0f} s: {_unwell(report)}. See {self.environment.var / 'log'}"
                )
            self.watch()
            time.sleep(LOOK_EVERY)

    def readiness(self) -> dict[str, Any]:
        """The report of `/readyz`; empty while nobody answers."""
        host = "127.0.0.1" if self.environment.bind in {"0.0.0.0", "::"} else self.environment.bind  # noqa: S104
        url = f"http://{host}:{self.environment.port}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=3) as answer:
                return _report(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _report(error.read())
        except OSError:
            return {}

    def watch(self) -> None:
        """One look at every child; the dead are started again after a while, with a line about it."""
        for child in self.children:
            child.watch()

    def supervise(self, *, until: Callable[[], bool] = lambda: False) -> None:
        """Watch until the condition holds, or a signal's exception ends it."""
        while not until():
            self.watch()
            time.sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Stop in the reverse order, in bounded time: nodes, programs, and then what they stand on.

        The nodes before the web, so that a job that runs is given back and not waited for by its lease.
        """
        for together in (self._nodes, self._programs):
            for child in reversed(together):
                child.ask_to_stop()
            stop_all(together)
        stop_all(self._services)
        self._nodes, self._programs, self._services = [], [], []
        self._held.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _report(body: bytes) -> dict[str, Any]:
    try:
        report = json.loads(body)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


def _unwell(report: dict[str, Any]) -> str:
    parts = report.get("components", {}).items()
    return (
        ", ".join(f"{name} ({part['state']})" for name, part in parts if part["state"] != "ok")
        or "web (no answer)"
    )
