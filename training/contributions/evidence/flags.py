"""What an update is pointed out for, by stable codes. An observation and no verdict: members decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from training.checkpoints.models import ProbeKind
from training.contributions.evidence.limits import LIMITS, FlagLimits
from training.contributions.evidence.measures import Measures
from training.contributions.evidence.probes import Canaries
from training.contributions.evidence.report import Beside

WORDS: Final[dict[str, str | Promise]] = {
    "norm-outlier": _("It is far longer than the others."),
    "opposes-others": _("It points away from the others."),
    "no-own-improvement": _("Without it the model is as good, or better, on its own domain."),
    "harms-others": _("Everything else is worse with it. Honest updates of one language do this too."),
    "canary-exposed": _("The model gives away more of its declared canaries than before."),
    "stale": _("It started from an older base than the round’s."),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A code of `WORDS`, and the figure with its limit."""

    code: str
    figure: float
    limit: float

    @property
    def words(self) -> str | Promise:
        """What it means."""
        return WORDS[self.code]


def flags_of(
    beside: Beside | None,
    measures: Measures,
    canaries: Sequence[Canaries],
    staleness: int,
    limits: FlagLimits = LIMITS,
) -> list[Flag]:
    """Return what stands out, in the order of `WORDS`; nothing is said of what was not measured."""
    return [
        *_beside(beside, limits),
        *_measured(measures, limits),
        *_exposed(canaries, limits),
        *([Flag("stale", staleness, limits.staleness)] if staleness > limits.staleness else []),
    ]


def _beside(beside: Beside | None, limits: FlagLimits) -> Iterator[Flag]:
    if beside is None:
        return
    if beside.norm_ratio is not None and beside.norm_ratio > limits.norm_ratio:
        yield Flag("norm-outlier", beside.norm_ratio, limits.norm_ratio)
    if beside.mean_cosine is not None and beside.mean_cosine < limits.cosine:
        yield Flag("opposes-others", beside.mean_cosine, limits.cosine)


def _measured(measures: Measures, limits: FlagLimits) -> Iterator[Flag]:
    own, elsewhere = measures.own, measures.elsewhere
    if own is not None and own.value is not None and own.value <= limits.gain:
        yield Flag("no-own-improvement", own.value, limits.gain)
    if elsewhere is not None and elsewhere.value is not None and -elsewhere.value > limits.harm:
        yield Flag("harms-others", -elsewhere.value, limits.harm)


def _exposed(canaries: Sequence[Canaries], limits: FlagLimits) -> Iterator[Flag]:
    rises = [each.rise for each in canaries if each.kind == ProbeKind.EXPOSURE and each.rise is not None]
    areas = [
        each.candidate
        for each in canaries
        if each.kind == ProbeKind.MEMBERSHIP and each.candidate is not None
    ]
    if rises and max(rises) > limits.exposure:
        yield Flag("canary-exposed", max(rises), limits.exposure)
    elif areas and max(areas) > limits.membership:
        yield Flag("canary-exposed", max(areas), limits.membership)
