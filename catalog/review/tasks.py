from celery import shared_task

from catalog.review.passing_on import pass_on_due, remind_before_due, remind_of_appeals, settle_reviews


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def pass_on_overdue() -> None:
    """Ask somebody else where a review is overdue; decide what a new rule made sufficient."""
    settle_reviews()
    pass_on_due()


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def remind_reviewers() -> None:
    """Remind of reviews that are due soon, and of appeals whose time is over."""
    remind_before_due()
    remind_of_appeals()
