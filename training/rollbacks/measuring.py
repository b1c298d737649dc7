"""Figures of the base that a rollback made, by nodes, beside the base that it replaces."""

from django.db.models import Max

from training.checkpoints.models import Checkpoint, Evaluation
from training.jobs.states import JobKind
from training.rounds.evaluating import plan_evaluations
from training.rounds.models import Round
from training.rounds.planning import send_queued


def measure_result(round_: Round, replaced: Checkpoint, result: Checkpoint) -> None:
    """Have the new base measured by the nodes of the round whose base it replaces, unless figures are there.

    Both are measured in one process, so they can be compared language by language. Nobody waits for it. Must
    run in the transaction that ends the rollback.
    """
    if Evaluation.objects.filter(checkpoint=result).exists():
        return
    last = round_.jobs.filter(kind=JobKind.EVALUATION).aggregate(turn=Max("turn"))["turn"]
    plan_evaluations(round_, [result, replaced], turn=max(last or 0, 1) + 1)
    send_queued(round_, JobKind.EVALUATION)
