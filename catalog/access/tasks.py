from smtplib import SMTPException

from celery import shared_task
from django.core.mail import send_mail

from catalog.access.expiring import expire_due
from catalog.access.letters import letter_about
from catalog.access.models import AccessRequest


@shared_task(acks_late=True, autoretry_for=(SMTPException, OSError), max_retries=3, retry_backoff=60)  # type: ignore[untyped-decorator]
def write_letter(request_id: str, action: str) -> None:
    """Write to the people whom a step of a request concerns; a letter may come twice, never wrongly."""
    request = AccessRequest.objects.select_related("dataset__member", "member", "requested_by").get(
        pk=request_id
    )
    subject, body, addresses = letter_about(request, action)
    for address in addresses:
        send_mail(subject, body, None, [address])


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]
def expire_access() -> None:
    """Close the grants whose time is over; the policy has looked at the clock by itself all along."""
    expire_due()
