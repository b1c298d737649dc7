"""PostgreSQL and Valkey of one `var` folder, together and in order."""

from collections.abc import Iterator
from contextlib import contextmanager

from tapestry.embedded import postgres, valkey
from tapestry.embedded.lock import hold
from tapestry.embedded.pidfile import end_orphans
from tapestry.embedded.process import Announce, Child
from tapestry.environment import Environment


def silent(message: str) -> None:
    """Announce to nobody."""


def start_services(
    environment: Environment, *, announce: Announce = silent, durable: bool = True
) -> list[Child]:
    """Start what is ours to start; the children in the order of their start.

    Call it while holding the folder's lock. What was started is stopped again when a later one fails.

    Raises:
        ChildFailed, PrivilegeMissing: with what to do about it.
    """
    started: list[Child] = []
    try:
        if environment.embeds_database:
            started.append(postgres.child(environment, announce=announce, durable=durable))
            postgres.start(started[-1], environment)
        if environment.embeds_broker:
            started.append(valkey.child(environment, announce=announce))
            valkey.start(started[-1], environment)
    except BaseException:
        stop_all(started)
        raise
    return started


def stop_all(children: list[Child]) -> None:
    """Stop in the reverse order of the start."""
    for child in reversed(children):
        child.stop()


@contextmanager
def services(environment: Environment, *, durable: bool = True) -> Iterator[list[Child]]:
    """The services for the time of a block, as tests use them.

    Raises:
        AlreadyRunning: another process holds this var folder.
        ChildFailed, PrivilegeMissing: with what to do about it.
    """
    with hold(environment.run_folder / "up.lock", folder=environment.var):
        end_orphans(environment.run_folder)
        children = start_services(environment, durable=durable)
        try:
            yield children
        finally:
            stop_all(children)
