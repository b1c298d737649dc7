"""The limits of a job as people read them, in the units of the form that opens a round."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext

from training.pages.rounds.forms import MEBIBYTE

MINUTE = 60


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


def _grouped(count: int) -> str:
    return number_format(count, decimal_pos=0, force_grouping=True)
