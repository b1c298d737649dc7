"""Replay: each base computed again from the one before, with what stays, by its own round's rules (INV-5).

The steps are rows, made when the vote passed. Whoever dies between two of them, the next call goes on with
the first that lacks its base; one that died within a step reaches the same digest.
"""

import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from provenance.blobs.store import BlobMissing
from provenance.events.models import Outcome
from provenance.states import swap_state
from training.checkpoints.models import Checkpoint
from training.checkpoints.recording import promote
from training.contributions.models import Contribution
from training.families.head import move_head, next_number
from training.families.models import ModelFamily
from training.merge import Merged, MergeError
from training.retention.recalling import ask_back, gone_for_good
from training.rollbacks.measuring import measure_result
from training.rollbacks.models import Rollback, RollbackStep
from training.rollbacks.record import record_rollback_event
from training.rollbacks.removal import Removal, Turn, removal_of
from training.rollbacks.states import TRANSITIONS, RollbackState
from training.rounds.aggregation import aggregation_in
from training.rounds.computing import compute, record_merge
from training.rounds.locking import alone
from training.tensors import LayoutError

LOCK: Final = 0x7AA0  # first half of the advisory locks' key; the second is the family's id
MOST_CAUSE: Final = 500


def replay(rollback_id: UUID) -> Rollback | None:
    """Take a rollback as far as it goes now; None when another process is at it.

    It waits where bytes have to come back from a node, and for the workers of a merge in ranges.
    """
    family = Rollback.objects.values_list("family_id", flat=True).get(pk=rollback_id)
    with alone(family, space=LOCK) as held:
        if not held:
            return None
        while _go_on(rollback_id):
            pass
    return Rollback.objects.select_related("family", "result__family").get(pk=rollback_id)


def _go_on(rollback_id: UUID) -> bool:
    """Do the one thing that is due; tell whether there may be more to do."""
    rollback = Rollback.objects.select_related("family", "head__family").get(pk=rollback_id)
    if rollback.state != RollbackState.REPLAYING:
        return False
    removal = removal_of(rollback)
    steps = list(rollback.steps.select_related("made__family", "replaces__family"))
    due = next((step for step in steps if not _has_bytes(step.made)), None)
    if due is None:
        _conclude(rollback, removal)
        return False
    parent = steps[due.number - 2].made if due.number > 1 else removal.start
    if parent is None:
        raise LookupError(f"{due} has no parent")
    return _take(due, parent, removal)


def _take(step: RollbackStep, parent: Checkpoint, removal: Removal) -> bool:
    turn = removal.turns[step.number - 1]
    began = time.monotonic()
    if not turn.stays:
        _keep(step, parent, 0.0)
        return True
    if not _bytes_are_here(step.rollback_id, removal.turns[step.number - 1 :]):
        return False
    try:
        computed = compute(parent, turn.stays, aggregation_in(turn.link.round, turn.stays))
    except (MergeError, LayoutError) as error:
        _fail(step.rollback_id, error.code, f"The merge in place of {step.replaces} was refused: {error}")
        return False
    except BlobMissing as error:
        _fail(
            step.rollback_id,
            "bytes-missing",
            f"Bytes for the merge in place of {step.replaces} are missing: {error}",
        )
        return False
    if computed is None:  # workers merge it in ranges, and are not done
        return False
    is_last = not any(later.stays for later in removal.turns[step.number :])
    number = next_number(parent.family) if is_last else parent.number + 1
    _record(step, parent, turn, computed, number=number, seconds=time.monotonic() - began)
    return True


def _has_bytes(made: Checkpoint | None) -> bool:
    """Tell whether a step is done: a trial merge of a round that served as its base may have been let go."""
    return made is not None and made.weights_dropped_at is None


@transaction.atomic
def _record(
    step: RollbackStep, parent: Checkpoint, turn: Turn, computed: Merged, *, number: int, seconds: float
) -> None:
    """Keep what was computed as a step's base; where the same was computed before, it is that one."""
    made = record_merge(
        parent.family,
        parent,
        turn.stays,
        computed,
        standing=Checkpoint.Standing.REPLAYED,
        name=f"{parent.family.slug} replay of {turn.link.base}",
        number=number,
    )
    _keep(step, made, seconds)


@transaction.atomic
def _keep(step: RollbackStep, made: Checkpoint, seconds: float) -> None:
    rollback = _locked(step.rollback_id)
    if rollback.state != RollbackState.REPLAYING:
        return
    RollbackStep.objects.filter(pk=step.pk).update(made=made, seconds=seconds)
    record_rollback_event(
        rollback,
        "rollback.step-replayed",
        parents=[step.replaces.digest],
        outputs=[made.digest],
        details={"step": step.number, "weights": made.weights_sha256, "seconds": round(seconds, 3)},
    )


@transaction.atomic
def _conclude(rollback: Rollback, removal: Removal) -> None:
    """Make the last step's base the newest one. Where that was a base before, the family goes back to it."""
    rollback = _locked(rollback.pk)
    if rollback.state != RollbackState.REPLAYING:
        return
    family = ModelFamily.objects.select_for_update().get(pk=rollback.family_id)
    last = rollback.steps.select_related("made__family").order_by("-number").first()
    if last is None or last.made is None:
        raise LookupError(f"{rollback} has no last step")
    result = last.made
    if result.standing != Checkpoint.Standing.BASE:
        result = promote(result, next_number(family))
    move_head(family, result)
    swap_state(rollback, to=RollbackState.DONE, table=TRANSITIONS, result=result, ended_at=timezone.now())
    record_rollback_event(
        rollback,
        "rollback.done",
        parents=[rollback.head.digest],
        outputs=[result.digest],
        details={"number": result.number, "wentBack": removal.goes_back},
    )
    measure_result(removal.turns[-1].link.round, removal.head, result)


def _bytes_are_here(rollback_id: UUID, turns: Sequence[Turn]) -> bool:
    """Ask the nodes for bytes that only they have, all at once; a node that lost them ends the replay."""
    missing = ask_back(_staying(turns))
    gone = gone_for_good(missing)
    if gone:
        names = ", ".join(each.job.node.slug for each in missing if each.pk in gone)
        cause = f"Bytes that the replay needs are gone for good. Asked in vain: {names}."
        _fail(rollback_id, "bytes-gone", cause)
    return not missing


def _staying(turns: Sequence[Turn]) -> list[Contribution]:
    return [each for turn in turns for each in turn.stays]


@transaction.atomic
def _fail(rollback_id: UUID, code: str, cause: str) -> None:
    """End this try; the newest base stays what it was, and a maintainer may try again."""
    rollback = _locked(rollback_id)
    swap_state(rollback, to=RollbackState.FAILED, table=TRANSITIONS, cause=cause[:MOST_CAUSE])
    details = {"cause": cause[:MOST_CAUSE]}
    record_rollback_event(
        rollback, "rollback.failed", outcome=Outcome.FAILED, reason_codes=[code], details=details
    )


def _locked(rollback_id: UUID) -> Rollback:
    rows = Rollback.objects.select_for_update(of=("self",)).select_related("family", "head__family")
    return rows.get(pk=rollback_id)
