"""The merge of a round: the next base from the accepted contributions, however often it starts (INV-5)."""

from collections.abc import Sequence

from django.db import transaction

from provenance.actors import COORDINATOR
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import TRANSITIONS as CONTRIBUTION_TRANSITIONS
from training.contributions.states import ContributionState
from training.families.head import move_head
from training.merge import MergeError
from training.messages import advance_soon
from training.rounds.candidates import merged_of, said_of
from training.rounds.computing import Computed, aggregation_in, alone, compute, make_base, record_merge
from training.rounds.evaluating import plan_evaluations
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.rounds.record import record_round_event
from training.rounds.states import TRANSITIONS, RoundState
from training.rounds.waits import NOT_WAITING
from training.rounds.windows import collected_in
from training.tensors import LayoutError


def merge(round_id: int) -> Checkpoint | None:
    """Make the next base and move the round on; None when another process is at it, or it is not due.

    Where what was accepted is what the candidate was merged from, or one of the merges without a
    contribution, that one becomes the base: it was measured. Else it is merged anew. Killed at any moment,
    the next call starts again from the same inputs in the same order and reaches the same digest; only the
    last step writes to the database. A merge that the rule refuses ends the round.
    """
    with alone(round_id) as held:
        round_ = Round.objects.select_related("family", "base", "candidate").get(pk=round_id)
        if not held or round_.state != RoundState.MERGING:
            return None
        accepted = list(collected_in(round_).filter(state=ContributionState.ACCEPTED))
        if merged_of(round_, accepted) is not None:
            return _conclude(round_, accepted, None)
        try:
            computed = compute(round_.base, accepted, aggregation_in(round_, accepted))
        except (MergeError, LayoutError) as error:
            abandon_round(COORDINATOR, round_, f"The merge was refused: {error}", code=error.code)
            return None
        return None if computed is None else _conclude(round_, accepted, computed)


@transaction.atomic
def _conclude(
    round_: Round, accepted: Sequence[Contribution], computed: Computed | None
) -> Checkpoint | None:
    """Write the base down: what was merged anew, to be measured; without it what was merged and measured."""
    rounds = Round.objects.select_for_update(of=("self",)).select_related("family", "base", "candidate")
    round_ = rounds.get(pk=round_.pk)
    if round_.state != RoundState.MERGING:
        return None
    base = _base(round_, accepted, computed)
    move_head(round_.family, base)
    for contribution in accepted:
        _mark_merged(contribution, base)
    swap_state(round_, to=RoundState.PROMOTING, table=TRANSITIONS, result=base, **NOT_WAITING)
    record_round_event(
        round_,
        "round.merged",
        parents=[round_.base.digest, *(each.digest for each in accepted)],
        outputs=[base.digest],
        details={
            **said_of(round_, base),
            "fromCandidate": computed is None,
            **({"seconds": round(computed.seconds, 3)} if computed else {}),
        },
    )
    if computed is not None:
        plan_evaluations(round_, [base], turn=1)
    advance_soon(round_.pk)
    return base


def _base(round_: Round, accepted: Sequence[Contribution], computed: Computed | None) -> Checkpoint:
    if computed is not None:
        standing = Checkpoint.Standing.BASE
        return record_merge(round_.family, round_.base, accepted, computed, standing=standing)
    candidate = merged_of(round_, accepted)
    if candidate is None:
        raise LookupError(f"{round_} has no candidate to promote")
    return make_base(candidate)


def _mark_merged(contribution: Contribution, base: Checkpoint) -> None:
    """Move the contribution on and say so in the log (INV-3)."""
    swap_state(contribution, to=ContributionState.MERGED, table=CONTRIBUTION_TRANSITIONS)
    record_event(
        actor=COORDINATOR,
        action="contribution.merged",
        subject=f"contribution:{contribution.digest}",
        evidence=Evidence(artifact=contribution.digest, job=contribution.job_id, outputs=[base.digest]),
    )
