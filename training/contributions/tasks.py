from celery import shared_task

from training.contributions import sweeping
from training.contributions.admitting import check_contribution
from training.contributions.appealing import close_overdue_appeals


@shared_task(name="training.contributions.tasks.admit_contribution")  # type: ignore[untyped-decorator]
def admit_contribution(contribution_id: int) -> None:
    """Run the admission check of one contribution, unless that has happened."""
    check_contribution(contribution_id)


@shared_task(name="training.contributions.tasks.sweep_uploads", acks_late=True)  # type: ignore[untyped-decorator]
def sweep_uploads() -> None:
    """Give up uploads that nobody will finish; asked for again and again by the clock."""
    sweeping.sweep_uploads()


@shared_task(name="training.contributions.tasks.close_appeals", acks_late=True)  # type: ignore[untyped-decorator]
def close_appeals() -> None:
    """Close the appeals whose time is over; asked for again and again by the clock."""
    close_overdue_appeals()
