"""The candidate of a round: the merge of all that is admissible, made and measured before anybody decides."""

from collections.abc import Sequence

from django.db import transaction

from provenance.events.models import Outcome
from provenance.states import swap_state
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.merge import Merged, MergeError
from training.messages import advance_soon
from training.rounds.computing import alone, compute, record_merge, weights_in
from training.rounds.evaluating import plan_evaluations
from training.rounds.models import Round
from training.rounds.record import record_round_event
from training.rounds.states import TRANSITIONS, RoundState
from training.rounds.waits import NOT_WAITING
from training.rounds.windows import collected_in
from training.tensors import LayoutError


def make_candidate(round_id: int) -> Checkpoint | None:
    """Merge what is admissible and have it measured; None when another process is at it, or it is not due.

    Killed at any moment, the next call reaches the same digest. Where the merge refuses these updates
    together, the review goes on without a candidate, and the log says why.
    """
    with alone(round_id) as held:
        round_ = Round.objects.select_related("family", "base").get(pk=round_id)
        admissible = admissible_in(round_)
        if not held or not _is_due(round_) or len(admissible) < round_.minimum_contributions:
            return None
        try:
            merged = compute(round_.base, admissible, weights_in(round_, admissible))
        except (MergeError, LayoutError) as error:
            _go_without(round_, error)
            return None
        return _record(round_, admissible, merged)


def admissible_in(round_: Round) -> list[Contribution]:
    """Return what admission let through, whatever was decided on it since."""
    held_back = (ContributionState.RECEIVED, ContributionState.INADMISSIBLE)
    return list(collected_in(round_).exclude(state__in=held_back))


def is_all_of(candidate: Checkpoint | None, contributions: Sequence[Contribution]) -> bool:
    """Tell whether the candidate is the merge of these contributions and no others."""
    if candidate is None:
        return False
    return list(candidate.recipe["contributions"]) == sorted(each.digest for each in contributions)


def _is_due(round_: Round) -> bool:
    if round_.state != RoundState.EVALUATING or round_.candidate_id is not None:
        return False
    return not collected_in(round_).filter(state=ContributionState.RECEIVED).exists()


@transaction.atomic
def _record(round_: Round, admissible: Sequence[Contribution], merged: Merged) -> Checkpoint | None:
    round_ = Round.objects.select_for_update(of=("self",)).select_related("family", "base").get(pk=round_.pk)
    if not _is_due(round_):
        return None
    candidate = record_merge(round_, admissible, merged, standing=Checkpoint.Standing.CANDIDATE)
    Round.objects.filter(pk=round_.pk).update(candidate=candidate)
    record_round_event(
        round_,
        "round.candidate-made",
        parents=[round_.base.digest, *(each.digest for each in admissible)],
        outputs=[candidate.digest],
        details={
            "rule": candidate.recipe["rule"],
            "weights": merged.sha256,
            "seconds": round(merged.seconds, 3),
        },
    )
    plan_evaluations(round_, candidate, turn=0)
    advance_soon(round_.pk)
    return candidate


@transaction.atomic
def _go_without(round_: Round, error: MergeError | LayoutError) -> None:
    round_ = Round.objects.select_for_update(of=("self",)).select_related("family").get(pk=round_.pk)
    if not _is_due(round_):
        return
    swap_state(round_, to=RoundState.REVIEWING, table=TRANSITIONS, **NOT_WAITING)
    details = {"cause": str(error)}
    record_round_event(
        round_, "round.no-candidate", outcome=Outcome.FAILED, reason_codes=[error.code], details=details
    )
    advance_soon(round_.pk)
