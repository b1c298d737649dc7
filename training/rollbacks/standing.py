"""What others ask about rollbacks: may a round open, and what became of a base."""

from provenance.errors import Conflict
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.rollbacks.models import Rollback, RollbackStep
from training.rollbacks.states import RollbackState


def refuse_while_replaying(family: ModelFamily) -> None:
    """Return if the family's newest base stays where it is for now. The caller has locked the family's row.

    Raises:
        Conflict: ``rollback-replaying``.
    """
    running = Rollback.objects.filter(family=family, state=RollbackState.REPLAYING).first()
    if running is not None:
        raise Conflict(
            f"A {running} is being computed, and a round on the newest base would be of no use.",
            code="rollback-replaying",
            remedy=f"Wait until it has ended: {running.get_absolute_url()}",
        )


def replacement_of(base: Checkpoint) -> RollbackStep | None:
    """Return the step of a finished rollback that put another base in this one's place; or None."""
    steps = RollbackStep.objects.filter(replaces=base, rollback__state=RollbackState.DONE)
    return (
        steps.select_related("rollback__result__family", "made__family")
        .order_by("-rollback__ended_at")
        .first()
    )


def rollback_of_step(digest: str) -> Rollback | None:
    """Return the finished rollback of which this is a step that was never promoted; None for all else."""
    steps = RollbackStep.objects.filter(made__digest=digest, rollback__state=RollbackState.DONE)
    step = steps.exclude(made__standing=Checkpoint.Standing.BASE).select_related("rollback").first()
    return step.rollback if step else None
