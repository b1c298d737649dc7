"""Marking as read. It is the reader's own affair, so no event tells of it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from catalog.notifications.models import Notification
from provenance.actors import Actor


def mark_read(*, actor: Actor, keys: Iterable[uuid.UUID] | None = None, until: datetime | None = None) -> int:
    """Mark the actor's notifications as read and return how many were unread: ``keys``, or all.

    ``until`` leaves alone what came later than the list that the reader saw. Keys of others change nothing.
    """
    unread = Notification.objects.filter(recipient=actor.key, read_at__isnull=True)
    if keys is not None:
        unread = unread.filter(pk__in=list(keys))
    if until is not None:
        unread = unread.filter(created_at__lte=until)
    return unread.update(read_at=timezone.now())
