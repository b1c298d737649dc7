"""Windows of the day in which a node works, such as ``22:00-06:00``, in the member's own time zone."""

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_WINDOW: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


def read_window(text: str) -> tuple[time, time]:
    """Return (begin, end) of a window; an end before its begin lies on the next day, 24:00 is midnight.

    Raises:
        ValueError: it does not read ``HH:MM-HH:MM``.
    """
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not read HH:MM-HH:MM")
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3] or 0), int(found[4] or 0))
    return begin, end


def is_within(windows: Sequence[str], now: datetime, zone: str) -> bool:
    """Whether ``now`` (with a zone) lies in one of the windows; without windows it always does."""
    clock = now.astimezone(ZoneInfo(zone)).time()
    return not windows or any(_holds(*read_window(window), clock) for window in windows)


def _holds(begin: time, end: time, clock: time) -> bool:
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end
