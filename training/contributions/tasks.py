from celery import shared_task

from training.contributions import sweeping
from training.contributions.admitting import check_contribution


@shared_task(name="training.contributions.tasks.admit_contribution")  # type: ignore[untyped-decorator]
def admit_contribution(contribution_id: int) -> None:
    """Run the admission check of one contribution, unless that has happened."""
    check_contribution(contribution_id)


@shared_task(name="training.contributions.tasks.sweep_uploads", acks_late=True)  # type: ignore[untyped-decorator]
def sweep_uploads() -> None:
    """Give up uploads that nobody will finish; asked for again and again by the clock."""
    sweeping.sweep_uploads()
