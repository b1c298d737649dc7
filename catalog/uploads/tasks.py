from celery import shared_task

from catalog.uploads import ending


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def sweep_uploads() -> None:
    """Forget uploads that have expired or may no longer be; asked for again and again by the clock."""
    ending.sweep_uploads()
