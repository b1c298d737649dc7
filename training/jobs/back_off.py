"""How long a job rests after a failure that its node reported."""

from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=5)
LONGEST: Final = timedelta(minutes=10)
_DOUBLINGS: Final = 7  # 5 s doubled more often than that is beyond the longest


def rest_after(failures: int) -> timedelta:
    """Return the rest before the next attempt: 5 s after the first failure, doubled each time, up to 10 min.

    A lost lease is nobody's failure: its job may be claimed again at once.
    """
    return min(FIRST * (1 << min(max(failures, 1) - 1, _DOUBLINGS)), LONGEST)
