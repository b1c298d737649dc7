"""All evidence on one update, as one reader may see it, in a constant number of queries."""

from dataclasses import dataclass
from enum import StrEnum

from provenance.actors import Actor
from training.checkpoints.models import Checkpoint
from training.contributions.evidence.earlier import Earlier, earlier_ones
from training.contributions.evidence.flags import Flag, flags_of
from training.contributions.evidence.measures import Measures, measures_of
from training.contributions.evidence.probes import Canaries, canaries_of
from training.contributions.evidence.report import Beside, beside_others
from training.contributions.models import Contribution
from training.rounds.merge_models import LeaveOneOut
from training.rounds.windows import are_bytes_readable


class Without(StrEnum):
    """What the candidate is compared with to see what the update does."""

    LEFT_OUT = "left-out"  # the same merge without it
    BASE = "base"  # it is alone in the candidate: without it there is the base
    NONE = "none"  # no such merge was made


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of an update. ``beside`` is None where no candidate holds it."""

    candidate: Checkpoint | None
    compared: Without
    beside: Beside | None
    measures: Measures
    canaries: list[Canaries]
    earlier: list[Earlier]
    flags: list[Flag]


def evidence_for(contribution: Contribution, actor: Actor) -> Evidence:
    """Gather it. ``contribution`` comes with its round, that one's base and candidate, job, node and member.

    Nothing about bytes is told while the round still collects: somebody could copy a neighbour's update.
    """
    readable = are_bytes_readable(contribution.round)
    candidate = contribution.round.candidate if readable else None
    compared, without = _without(contribution, candidate)
    beside = beside_others(candidate, contribution)
    measures = measures_of(contribution, without, actor) if candidate else _NOTHING
    canaries = canaries_of(contribution, without, actor) if candidate else []
    return Evidence(
        candidate=candidate,
        compared=compared,
        beside=beside,
        measures=measures,
        canaries=canaries,
        earlier=earlier_ones(contribution, actor),
        flags=flags_of(beside, measures, canaries, contribution.staleness),
    )


def _without(contribution: Contribution, candidate: Checkpoint | None) -> tuple[Without, Checkpoint | None]:
    if candidate is None:
        return Without.NONE, None
    if list(candidate.recipe.get("contributions", ())) == [contribution.digest]:
        return Without.BASE, contribution.round.base
    left_out = LeaveOneOut.objects.filter(contribution=contribution, round=contribution.round_id)
    found = left_out.select_related("checkpoint").first()
    return (Without.NONE, None) if found is None else (Without.LEFT_OUT, found.checkpoint)


_NOTHING = Measures(languages=(), own=None, elsewhere=None, everywhere=None)
