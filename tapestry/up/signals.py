"""Turn the signals that end a program into one exception, so that every `finally` runs once and in peace."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Somebody asked us to end. Not an Exception: nothing on the way may swallow it."""


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Raise StopRequested at the first of the signals; more change nothing while the end is under way."""

    def request(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape that signal() wants
        for name in ENDING:
            signal.signal(name, signal.SIG_IGN)
        raise StopRequested

    before = {name: signal.signal(name, request) for name in ENDING}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
