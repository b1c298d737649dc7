"""Days as people and exports write them. One that can be read as two days is read as none."""

import re
from datetime import UTC, date, datetime
from typing import Final

from catalog.batches.faults import Unreadable

_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SLASHED: Final = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?")
_WORDED: Final = (
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
)
_MILLISECONDS: Final = re.compile(r"\d{12,13}")  # since 1970, as HubSpot's internal names have them
_LAST_MONTH: Final = 12


def read_day(text: str) -> date:
    """Return the day that a cell names.

    Raises:
        Unreadable: codes ``day-unreadable`` or ``day-ambiguous``.
    """
    try:
        return _read(text.strip())
    except (ValueError, OverflowError, OSError):
        raise Unreadable("day-unreadable", value=text) from None


def _read(text: str) -> date:
    if found := _ISO.fullmatch(text):
        return date(*map(int, found.groups()))
    if found := _DOTTED.fullmatch(text):
        day, month, year = map(int, found.groups())
        return date(year, month, day)
    if found := _SLASHED.fullmatch(text):
        return _either_order(text, *map(int, found.groups()))
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC).date()
    for form in _WORDED:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(text)


def _either_order(text: str, first: int, second: int, year: int) -> date:
    if first != second and max(first, second) <= _LAST_MONTH:
        raise Unreadable("day-ambiguous", value=text)
    return date(year, second, first) if second <= _LAST_MONTH else date(year, first, second)
