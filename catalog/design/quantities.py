"""Sizes and times as people read them, with units and zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, get_language_bidi

if TYPE_CHECKING:
    from datetime import datetime

# Decimal units, as disks, networks and DCAT's byteSize count.
UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
STEP = 1000
NO_BREAK_SPACE = "\u00a0"


def human_bytes(count: int) -> str:
    """Write a number of bytes with three significant digits and its unit: 1250000 becomes `1.25 MB`."""
    amount = float(count)
    unit = 0
    while round(amount, 0) >= STEP and unit < len(UNITS) - 1:
        amount /= STEP
        unit += 1
    digits = 0 if unit == 0 or amount >= STEP / 10 else (1 if amount >= STEP / 100 else 2)
    text = number_format(round(amount, digits), decimal_pos=digits, use_l10n=True)
    return _isolated(f"{text}{NO_BREAK_SPACE}{UNITS[unit]}")


def _isolated(quantity: str) -> str:
    # In a right-to-left page the bidi algorithm would put the Latin unit before the number.
    return f"\u2066{quantity}\u2069" if get_language_bidi() else quantity


def human_moment(moment: datetime) -> str:
    """Write a moment in the active zone, with the zone's name: `22 Nov 2026, 17:44 UTC`.

    The date follows the reader's language, the time is of 24 hours in all of them.

    Raises:
        ValueError: the moment has no zone.
    """
    local = timezone.localtime(moment)
    comma = "، " if get_language_bidi() else ", "
    return f"{human_day(local)}{comma}{date_format(local, 'H:i')}{NO_BREAK_SPACE}{local.tzname()}"


def human_day(moment: datetime) -> str:
    """Write a moment's day in the active zone and the reader's language: `22 Nov 2026`.

    Raises:
        ValueError: the moment has no zone.
    """
    # Django's short months are English in their capital and their missing full stop.
    in_english = (get_language() or "en").partition("-")[0] == "en"
    return date_format(timezone.localtime(moment), "j M Y" if in_english else "DATE_FORMAT")
