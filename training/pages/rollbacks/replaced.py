"""What a base's page says of rollbacks: which one made it, and which put another base in its place."""

from dataclasses import dataclass

from training.checkpoints.models import Checkpoint
from training.rollbacks.models import Rollback
from training.rollbacks.standing import replacement_of


@dataclass(frozen=True, slots=True)
class Replaced:
    """A base between rollbacks: ``made_in`` computed it, ``rollback`` put ``result`` in its place."""

    made_in: Rollback | None
    rollback: Rollback | None
    result: Checkpoint | None


def replaced_by(checkpoint: Checkpoint) -> Replaced | None:
    """Return what rollbacks did to a base; None where no one touched it."""
    made_in = checkpoint.result_of_rollbacks.filter(steps__made=checkpoint).select_related("family", "head")
    # A base that a round made was there before: the family only went back to it.
    made = None if hasattr(checkpoint, "round") else made_in.order_by("created_at").first()
    step = replacement_of(checkpoint)
    if made is None and step is None:
        return None
    return Replaced(made, step.rollback if step else None, step.rollback.result if step else None)
