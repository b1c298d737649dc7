"""Sending letters: each once, whoever else sends too, and none lost while the mail server is away.

A person's row of wishes is locked while their letter goes out (``SKIP LOCKED``: a second worker passes them
over), and what they were told is marked as mailed in the same transaction. Where sending fails, nothing is
marked, and the next turn of the clock tries once more.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from catalog.members.actors import actor_of
from catalog.notifications.correspondence import language_of
from catalog.notifications.letters import write_letter
from catalog.notifications.models import Correspondence, MailPace, Notification
from catalog.notifications.reading import notifications_of
from catalog.notifications.waiting import waiting_for
from catalog.notifications.wording import Told, tell_each

logger = logging.getLogger(__name__)

LATEST: Final = timedelta(days=1)  # what could not be sent until then stands on the site alone
DIGEST_AT: Final = time(5, 0)  # UTC
MOST_IN_A_LETTER: Final = 50
# The server answers and does not want this one letter; the others may well go.
REFUSED: Final = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPResponseException)
Send = Callable[[Correspondence, BaseEmailBackend, datetime], bool]


def mail_due(*, at: datetime | None = None) -> int:
    """Write to everybody who was told something and wants letters at once; return how many went out."""
    _know_everybody()
    people = Correspondence.objects.exclude(pace=MailPace.DAILY).filter(
        user__in=_not_mailed().values("recipient")
    )
    return _to_each(people, _mail_news, at or timezone.now())


def mail_digests(*, at: datetime | None = None) -> int:
    """Write the day's letters from ``DIGEST_AT`` on, where anything happened or waits; return how many."""
    now = at or timezone.now()
    hour = now.replace(hour=DIGEST_AT.hour, minute=DIGEST_AT.minute, second=0, microsecond=0)
    if now < hour:
        return 0
    due = Q(digest_sent_at__isnull=True) | Q(digest_sent_at__lt=hour)
    people = Correspondence.objects.filter(due, pace=MailPace.DAILY, user__is_active=True)
    return _to_each(people, _mail_digest, now)


def _to_each(people: QuerySet[Correspondence], send: Send, now: datetime) -> int:
    """Send to each, in a transaction of their own, over one connection; stop when the server is away."""
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return 0
    connection = get_connection()
    sent = 0
    try:
        connection.open()
        for key in keys:
            sent += _to_one(people, key, send, connection, now)
    except (SMTPException, OSError) as error:
        logger.warning("The mail server is away: %s. The next turn tries again.", type(error).__name__)
    finally:
        connection.close()
    return sent


def _to_one(
    people: QuerySet[Correspondence], key: int, send: Send, connection: BaseEmailBackend, now: datetime
) -> bool:
    """Lock the person's row and send. Errors are logged by name: their texts hold addresses."""
    try:
        with transaction.atomic():
            locked = people.select_for_update(skip_locked=True, of=("self",)).select_related("user")
            kept = locked.filter(pk=key).first()
            return kept is not None and send(kept, connection, now)
    except REFUSED as error:
        logger.warning("A letter to person %d was not taken: %s", key, type(error).__name__)
        return False


def _mail_news(kept: Correspondence, connection: BaseEmailBackend, now: datetime) -> bool:
    rows = list(_not_mailed().filter(recipient=kept.pk))
    wanted = kept.pace == MailPace.AT_ONCE and kept.user.is_active
    fresh = [row.pk for row in rows if wanted and row.created_at > now - LATEST]
    with translation.override(language_of(kept)):
        told = _told(kept, fresh)
        if told:
            write_letter(kept, told, (), connection).send()
    _mark(rows, now)
    return bool(told)


def _mail_digest(kept: Correspondence, connection: BaseEmailBackend, now: datetime) -> bool:
    rows = list(_not_mailed().filter(recipient=kept.pk))
    with translation.override(language_of(kept)):
        told = _told(kept, [row.pk for row in rows])
        waiting = waiting_for(actor_of(kept.user))
        if told or waiting:
            write_letter(kept, told, waiting, connection).send()
    _mark(rows, now)
    Correspondence.objects.filter(pk=kept.pk).update(digest_sent_at=now)
    return bool(told or waiting)


def _told(kept: Correspondence, keys: Sequence[uuid.UUID]) -> list[Told]:
    """Return what the person has not read on the site and may still know of, in words, the oldest first."""
    reader = actor_of(kept.user)
    rows = notifications_of(reader).filter(pk__in=keys, read_at__isnull=True).select_related("event")
    return tell_each(reader, rows.order_by("created_at", "pk")[:MOST_IN_A_LETTER])


def _not_mailed() -> QuerySet[Notification]:
    return Notification.objects.filter(mailed_at__isnull=True)


def _mark(rows: Sequence[Notification], now: datetime) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)


def _know_everybody() -> None:
    """Give those who were told something for the first time a row of wishes, which is what gets locked."""
    without = _not_mailed().filter(recipient__correspondence__isnull=True).order_by("recipient")
    strangers = without.values_list("recipient", flat=True).distinct()
    Correspondence.objects.bulk_create(
        [Correspondence(user_id=pk) for pk in strangers], ignore_conflicts=True
    )
