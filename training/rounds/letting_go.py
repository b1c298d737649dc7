"""Letting the trial merges of ended rounds go: nobody reads their bytes any more."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from training.checkpoints.dropping import drop_bytes
from training.checkpoints.models import Checkpoint
from training.rounds.models import Round
from training.rounds.states import ENDED


def drop_trials() -> int:
    """Drop the bytes of every candidate that came to nothing; return of how many. Safe to repeat."""
    return sum(drop_bytes(candidate) for candidate in _left_over())


def _left_over() -> QuerySet[Checkpoint]:
    """Candidates of ended rounds, and merges without a contribution, from which nothing was made since."""
    in_rounds = Round.objects.filter(Q(candidate=OuterRef("pk")) | Q(left_out__checkpoint=OuterRef("pk")))
    found = Checkpoint.measured.filter(standing=Checkpoint.Standing.CANDIDATE, weights_dropped_at=None)
    found = found.filter(Exists(in_rounds)).exclude(Exists(in_rounds.exclude(state__in=ENDED)))
    return found.exclude(Exists(Checkpoint.measured.filter(parent=OuterRef("pk")))).order_by("pk")
