from celery import shared_task

from catalog.notifications.mailing import mail_digests, mail_due


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def mail_notifications() -> None:
    """Send what was told since the last turn, to those who want it at once: one letter a person."""
    mail_due()


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def send_digests() -> None:
    """Send the day's letters that have not gone yet."""
    mail_digests()
