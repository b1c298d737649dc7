from celery import shared_task

from catalog.access.expiring import expire_due


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def expire_access() -> None:
    """Close the grants whose time is over; the policy has looked at the clock by itself all along."""
    expire_due()
