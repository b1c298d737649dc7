from smtplib import SMTPException

from celery import shared_task
from django.core.mail import send_mail

from catalog.members.letters import invitation_for
from catalog.members.models import User


@shared_task(acks_late=True, autoretry_for=(SMTPException, OSError), max_retries=3, retry_backoff=60)  # type: ignore[untyped-decorator]
def write_invitation(person: int) -> None:
    """Write to a person who was given an account; who has chosen a password by now needs no letter.

    The key is made here, so that no message carries it.
    """
    found = User.objects.get(pk=person)
    if not found.has_usable_password():
        send_mail(*invitation_for(found), None, [found.email])
