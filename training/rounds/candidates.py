"""The candidate of a round: the merge of all that is admissible, made and measured before anybody decides.

With it come the merges without each of the contributions, so that people see what each of them adds.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from provenance.events.models import Outcome
from provenance.states import swap_state
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.merge import MergeError
from training.messages import advance_soon
from training.rounds.aggregation import is_adapted, voted_rule
from training.rounds.computing import Computed, aggregation_in, alone, compute, record_merge
from training.rounds.evaluating import plan_evaluations
from training.rounds.leaving_one_out import leave_each_out, why_none
from training.rounds.models import Round
from training.rounds.record import record_round_event
from training.rounds.states import TRANSITIONS, RoundState
from training.rounds.waits import NOT_WAITING
from training.rounds.windows import collected_in
from training.tensors import LayoutError

_LONG: Final = {"weights", "coefficients"}  # parameters with a number for each contribution


def make_candidate(round_id: int) -> Checkpoint | None:
    """Merge what is admissible and have it measured; None when another process is at it, or it is not due.

    Killed at any moment, the next call reaches the same digests, and does not merge again without a
    contribution what it merged before. Where the merge refuses these updates
    together, the review goes on without a candidate, and the log says why.
    """
    with alone(round_id) as held:
        round_ = Round.objects.select_related("family", "base").get(pk=round_id)
        admissible = admissible_in(round_)
        if not held or not _is_due(round_) or len(admissible) < round_.minimum_contributions:
            return None
        try:
            computed = compute(round_.base, admissible, aggregation_in(round_, admissible))
        except (MergeError, LayoutError) as error:
            _go_without(round_, error)
            return None
        if computed is None:
            return None
        return _record(round_, admissible, computed, leave_each_out(round_, admissible))


def admissible_in(round_: Round) -> list[Contribution]:
    """Return what admission let through, whatever was decided on it since."""
    held_back = (ContributionState.RECEIVED, ContributionState.INADMISSIBLE)
    return list(collected_in(round_).exclude(state__in=held_back))


def merged_of(round_: Round, contributions: Sequence[Contribution]) -> Checkpoint | None:
    """Return what was merged of these contributions and no others before anybody decided, if anything was."""
    wanted = sorted(each.digest for each in contributions)
    made = Checkpoint.measured.filter(Q(candidate_in=round_) | Q(left_out__round=round_))
    made = made.filter(standing=Checkpoint.Standing.CANDIDATE, weights_dropped_at=None)
    return next((each for each in made if each.recipe["contributions"] == wanted), None)


def _is_due(round_: Round) -> bool:
    if round_.state != RoundState.EVALUATING or round_.candidate_id is not None:
        return False
    return not collected_in(round_).filter(state=ContributionState.RECEIVED).exists()


@transaction.atomic
def _record(
    round_: Round,
    admissible: Sequence[Contribution],
    computed: Computed,
    left_out: Sequence[Checkpoint],
) -> Checkpoint | None:
    round_ = Round.objects.select_for_update(of=("self",)).select_related("family", "base").get(pk=round_.pk)
    if not _is_due(round_):
        return None
    candidate = record_merge(
        round_.family,
        round_.base,
        admissible,
        computed,
        standing=Checkpoint.Standing.CANDIDATE,
        name=f"{round_.family.slug} merge of all in round {round_.number}",
    )
    Round.objects.filter(pk=round_.pk).update(candidate=candidate)
    record_round_event(
        round_,
        "round.candidate-made",
        parents=[round_.base.digest, *(each.digest for each in admissible)],
        outputs=[candidate.digest, *(each.digest for each in left_out)],
        details={
            **said_of(round_, candidate),
            "seconds": round(computed.seconds, 3),
            "leftOut": len(left_out),
            **({"noneLeftOut": cause} if (cause := why_none(round_, admissible)) else {}),
        },
    )
    plan_evaluations(round_, [candidate, *left_out], turn=0)
    advance_soon(round_.pk)
    return candidate


def said_of(round_: Round, checkpoint: Checkpoint) -> dict[str, Any]:
    """Return what the log says of a merge: the rule that was used, and the voted one where it is another."""
    recipe = checkpoint.recipe
    return {
        "rule": recipe["rule"],
        "parameters": {key: recipe["parameters"][key] for key in recipe["parameters"].keys() - _LONG},
        "server": recipe.get("server", {}).get("name", "plain"),
        "weights": checkpoint.weights_sha256,
        **({"voted": voted_rule(round_)} if is_adapted(round_, recipe) else {}),
    }


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
