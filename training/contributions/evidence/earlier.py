"""What the member sent before, to the same family: whether this update is like its others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast

from catalog.datasets.models import DatasetVersion
from provenance.actors import Actor
from training.checkpoints.models import Evaluation
from training.contributions.evidence.measures import mark_of, tone_of
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.states import ContributionState
from training.rounds.merge_models import LeaveOneOut
from training.rounds.windows import are_bytes_readable

MOST: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One update of the member: its norm, how far its loss fell while training (nats per token), its words.

    ``value`` is its leave-one-out value over all text, in bits per byte; None where none was measured.
    ``most`` is the largest, gain or loss, of those that it is drawn with.
    """

    contribution: Contribution
    norm: float | None
    loss_fell: float | None
    accepts: int
    others: int
    value: float | None
    most: float

    @property
    def tone(self) -> str:
        """How the gain reads: see `tone_of`."""
        return tone_of(self.value)

    @property
    def mark(self) -> int:
        """Where the gain is drawn: see `mark_of`."""
        return mark_of(self.value, self.most)


def earlier_ones(contribution: Contribution, actor: Actor) -> list[Earlier]:
    """Return the member's updates up to this one, this one last, in three queries."""
    against = [DecisionVerdict.REJECT, DecisionVerdict.QUARANTINE]
    rows = (
        Contribution.objects.filter(
            job__node__member=contribution.job.node.member_id,
            round__family=contribution.round.family_id,
            committed_at__lte=contribution.committed_at,
        )
        .exclude(state__in=[ContributionState.COMMITTED, ContributionState.WITHDRAWN])
        .select_related("job__node", "round__family")
        .annotate(
            accepts=Count("decisions", filter=Q(decisions__verdict=DecisionVerdict.ACCEPT)),
            others=Count("decisions", filter=Q(decisions__verdict__in=against)),
        )
        .order_by("-committed_at", "-pk")[:MOST]
    )
    found = list(rows)
    values = _values(found, actor)
    most = max(map(abs, values.values()), default=0.0) or 1.0
    return [_earlier(each, values.get(each.pk), most) for each in reversed(found)]


def _earlier(row: Contribution, value: float | None, most: float) -> Earlier:
    readable = are_bytes_readable(row.round)
    first, last = (row.summary.get(name) for name in ("first_loss", "last_loss"))
    return Earlier(
        contribution=row,
        norm=row.admission.get("norm") if readable else None,
        loss_fell=None if first is None or last is None else first - last,
        accepts=getattr(row, "accepts", 0),
        others=getattr(row, "others", 0),
        value=value,
        most=most,
    )


def _values(found: Sequence[Contribution], actor: Actor) -> dict[int, float]:
    left = list(LeaveOneOut.objects.filter(contribution__in=found).select_related("round"))
    sums = {(round_, checkpoint): (bits, size) for round_, checkpoint, bits, size in _sums(left, actor)}
    values = {}
    for row in left:
        without = sums.get((row.round_id, row.checkpoint_id))
        candidate = sums.get((row.round_id, row.round.candidate_id or 0))
        if without and candidate and without[1] == candidate[1]:  # over the same text
            values[row.contribution_id] = (without[0] - candidate[0]) / candidate[1]
    return values


def _sums(left: Sequence[LeaveOneOut], actor: Actor) -> QuerySet[Evaluation, tuple[int, int, float, int]]:
    """Bits and bytes by round and checkpoint, over versions that the reader may discover (INV-6)."""
    measured = {row.checkpoint_id for row in left} | {row.round.candidate_id for row in left}
    weighted = Cast(F("bytes"), FloatField()) * F("bits_per_byte")
    return (
        Evaluation.objects.filter(
            job__round__in={row.round_id for row in left},
            job__turn=0,
            checkpoint__in=[key for key in measured if key is not None],
            version__in=DatasetVersion.objects.visible_to(actor),
            bytes__gt=0,
        )
        .order_by()
        .values("job__round", "checkpoint")
        .annotate(bits=Sum(weighted), size=Sum("bytes"))
        .values_list("job__round", "checkpoint", "bits", "size")
    )
