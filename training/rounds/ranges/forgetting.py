"""Large merges that nobody asks for any more: their rounds ended before they did."""

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from training.rounds.locking import alone
from training.rounds.ranges.joining import drop_ranges
from training.rounds.ranges.locks import LOOKS, number_of
from training.rounds.ranges.models import RangedMerge

KEPT: Final = timedelta(days=7)


def forget_unfinished() -> int:
    """Drop ranges and parts of unfinished merges with no ask for a week; return how many merges."""
    before = timezone.now() - KEPT
    stale = RangedMerge.objects.filter(Q(asked_at__lt=before) | Q(asked_at=None), created_at__lt=before)
    forgotten = 0
    for merge in stale.exclude(step=RangedMerge.DONE):
        with alone(number_of(merge.key), space=LOOKS) as held:
            if held:
                drop_ranges(merge.ranges.defer("sums"))
                merge.delete()
                forgotten += 1
    return forgotten
