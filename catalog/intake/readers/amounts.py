"""Days, spans of days and sizes as descriptions write them. What is ambiguous is no answer."""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].{0,40})?)?)?")
_SIZE: Final = re.compile(r"(\d{1,19}(?:\.\d{1,6})?)\s*([KMGTP]?)(i?)B?", re.IGNORECASE)
_POWERS: Final = "KMGTP"
LARGEST: Final = 2**63 - 1  # bytes that a record can hold


def day_of(text: str, *, last: bool = False) -> str | None:
    """Return a day as ISO 8601 has it; of a year or a month the first day, or the ``last`` one."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or (12 if last else 1)), int(found[3] or 0)
    try:
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1)).isoformat()
    except ValueError:  # IllegalMonthError of the calendar is one too
        return None


def span_of(text: str) -> tuple[str, str]:
    """Return the two ends of an interval of ISO 8601; a single day, month or year is both."""
    start, slash, end = text.partition("/")
    return (start, end) if slash else (text, text)


def period_of(start: str, end: str) -> dict[str, str] | None:
    """Return a period as a record has it; None where no side is a day, or the two are in no order."""
    first, final = day_of(start), day_of(end, last=True)
    if first and final and final < first:
        return None
    return {name: day for name, day in (("start", first), ("end", final)) if day} or None


def bytes_of(sizes: Sequence[str]) -> int | None:
    """Return the sum of sizes such as ``1200``, ``1.5 MB`` or ``2 GiB``; None when one can not be read.

    Without a binary prefix the decimal one is meant (IEC 80000-13).
    """
    read = [_one_size(text) for text in sizes]
    known = [size for size in read if size is not None]
    total = sum(known)
    return total if known and len(known) == len(read) and total <= LARGEST else None


def _one_size(text: str) -> int | None:
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        return None
    power = _POWERS.index(found[2].upper()) + 1 if found[2] else 0
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power) if power else int(float(found[1]))
