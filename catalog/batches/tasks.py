"""Tasks about batches. Each may come twice (INV-8)."""

from celery import shared_task

from catalog.batches.working import resume_silent, run_batch


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def work_through(batch_id: str) -> None:
    """Make drafts of the rows that wait."""
    run_batch(batch_id)


@shared_task(name="catalog.batches.tasks.resume_batches")  # type: ignore[untyped-decorator]
def resume_batches() -> None:
    """Bring back batches whose worker or message died."""
    for batch_id in resume_silent():
        work_through.delay(batch_id)
