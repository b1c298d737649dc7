"""How often nodes call: however many there are, the coordinator hears the same number of calls a second."""

import math
import random
from typing import Final

from django.core.cache import cache

from training.nodes.models import Node
from training.nodes.states import NodeState

POLLS_PER_SECOND: Final = 50
LEAST_SECONDS: Final = 2.0
SPREAD: Final = 0.25  # so much longer at most, by chance: nodes that were started together drift apart
_COUNTED_FOR: Final = 30  # seconds
_KEY: Final = "training.jobs.pace.active-nodes"


def call_seconds() -> float:
    """Return the seconds between two calls of one node, be they polls or beats of a job."""
    return max(LEAST_SECONDS, math.ceil(_active_nodes() / POLLS_PER_SECOND))


def next_call() -> float:
    """Return after how many seconds the node that asks should call again."""
    return round(call_seconds() * random.uniform(1, 1 + SPREAD), 2)  # noqa: S311 - spread, not secrecy


def _active_nodes() -> int:
    """Count them, twice a minute and in each process for itself: they come and go by votes."""
    known: int | None = cache.get(_KEY)
    if known is None:
        known = Node.objects.filter(state=NodeState.ACTIVE).count()
        cache.set(_KEY, known, _COUNTED_FOR)
    return known
