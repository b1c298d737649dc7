"""Limits, times and energy of a job as people read them, limits in the units of the opening form."""

from collections.abc import Mapping
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext

from catalog.design.quantities import NO_BREAK_SPACE
from training.pages.rounds.questions.bounds import MEBIBYTE

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
KILO: Final = 1000
KILOWATT_HOUR: Final = 3_600_000  # joules


def limits_in_words(limits: Mapping[str, int]) -> str:
    """Write time and memory: `10 min (600 s), 4,096 MiB`."""
    seconds = limits["seconds"]
    time = gettext("%(n)s s") % {"n": _grouped(seconds)}
    if seconds >= MINUTE:
        minutes = seconds / MINUTE
        shown = number_format(round(minutes, 1), decimal_pos=0 if minutes.is_integer() else 1)
        time = gettext("%(n)s min (%(time)s)") % {"n": shown, "time": time}
    memory = gettext("%(n)s MiB") % {"n": _grouped(limits["memory_bytes"] // MEBIBYTE)}
    return f"{time}, {memory}"


def duration_in_words(seconds: float) -> str:
    """Write how long something takes, as roughly as it is known: `40 s`, `12 min`, `3.5 h`, `2.1 days`."""
    if seconds < MINUTE:
        return gettext("%(n)s s") % {"n": _grouped(max(round(seconds), 1))}
    if seconds < HOUR:
        return gettext("%(n)s min") % {"n": _grouped(round(seconds / MINUTE))}
    if seconds < DAY:
        return gettext("%(n)s h") % {"n": number_format(seconds / HOUR, decimal_pos=1)}
    return gettext("%(n)s days") % {"n": number_format(seconds / DAY, decimal_pos=1)}


def energy_in_words(joules: float) -> str:
    """Write an amount of energy: `850 J`, `36.0 kJ`, `1.25 kWh`."""
    if joules >= KILOWATT_HOUR:
        return f"{number_format(joules / KILOWATT_HOUR, decimal_pos=2)}{NO_BREAK_SPACE}kWh"
    if joules >= KILO:
        return f"{number_format(joules / KILO, decimal_pos=1)}{NO_BREAK_SPACE}kJ"
    return f"{_grouped(round(joules))}{NO_BREAK_SPACE}J"


def _grouped(count: int) -> str:
    return number_format(count, decimal_pos=0, force_grouping=True)
