from celery import shared_task

from catalog.governance.closing import close_due


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def close_motions() -> None:
    """Let what is over its time lapse, and decide what can be decided; done twice it is done once."""
    close_due()
