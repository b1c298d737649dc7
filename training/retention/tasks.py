from celery import shared_task

from training.retention.dropping import sweep_contributions as sweep


@shared_task(name="training.retention.tasks.sweep_contributions", acks_late=True)  # type: ignore[untyped-decorator]
def sweep_contributions() -> None:
    """Let the bytes of updates go whose members' wishes have come due; asked for by the clock."""
    sweep()
