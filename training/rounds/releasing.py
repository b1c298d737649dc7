"""An update that an appeal freed: in which round members speak on it again.

Its own round takes it back while that is still in review. Else it waits, admitted, for the first round of its
family that has not ended collecting and whose updates are written in the same codec.
"""

from typing import Final

from django.db.models import F

from provenance.actors import COORDINATOR, Actor
from provenance.states import swap_state
from training.contributions.models import Contribution
from training.contributions.states import TRANSITIONS, ContributionState
from training.contributions.trail import leave_trail
from training.merge import CODEC
from training.rounds.models import Round
from training.rounds.states import RoundState
from training.rounds.windows import staleness_in

_TAKES: Final = (RoundState.OPEN, RoundState.DISTRIBUTING, RoundState.COLLECTING)


def release(actor: Actor, contribution: Contribution) -> Round:
    """Put a rejected or quarantined update before the members again; return the round in which it counts now.

    The caller has locked its row.
    """
    swap_state(contribution, to=ContributionState.ADMITTED, table=TRANSITIONS, turn=F("turn") + 1)
    leave_trail(actor, contribution, "contribution.released")
    own = contribution.round
    if own.state == RoundState.REVIEWING:
        return own
    rounds = Round.objects.select_for_update(of=("self",)).select_related("base")
    current = rounds.filter(family=own.family_id, state__in=_TAKES).first()
    if current is None or not _move(contribution, current):
        return own
    return current


def take_released(round_: Round) -> int:
    """Take what appeals freed since the last round into this one, which has just opened; return how many."""
    waiting = Contribution.objects.filter(
        round__family=round_.family_id, state=ContributionState.ADMITTED, turn__gt=0
    ).exclude(round__state__in=(*_TAKES, RoundState.EVALUATING, RoundState.REVIEWING))
    rows = waiting.select_for_update(of=("self",)).select_related("job__round__base", "round")
    return sum(_move(contribution, round_) for contribution in rows.order_by("pk"))


def _move(contribution: Contribution, round_: Round) -> bool:
    """Let it count in another round, unless that one's updates are written otherwise."""
    if contribution.codec != round_.plan.get("codec", CODEC):
        return False
    before = contribution.round_id
    contribution.round = round_
    contribution.staleness = max(0, staleness_in(round_, contribution.job))
    contribution.save(update_fields=["round", "staleness"])
    leave_trail(
        COORDINATOR,
        contribution,
        "contribution.moved",
        before=before,
        round=round_.pk,
        staleness=contribution.staleness,
    )
    return True
