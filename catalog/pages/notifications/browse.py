"""`/notifications/`: what was I told, and what of it have I not read?"""

import uuid
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.members.actors import actor_of
from catalog.notifications.marking import mark_read
from catalog.notifications.models import Notification
from catalog.notifications.reading import notifications_of, unread_count
from catalog.notifications.waiting import waiting_for
from catalog.notifications.wording import tell_each

PAGE: Final = 25


@login_required
@require_safe
def browse_notifications(request: HttpRequest) -> HttpResponse:
    """List what the reader was told: the unread first, in each half the newest first."""
    reader = actor_of(request.user)
    now = timezone.now()  # before the rows are read: what comes later is not marked with them
    rows = list(_page_after(notifications_of(reader), request.GET.get("after", "")))
    shown = rows[:PAGE]
    context = {
        "told": tell_each(reader, shown),
        "waiting": waiting_for(reader) if "after" not in request.GET else [],
        "unread": unread_count(reader),
        "until": now.isoformat(),
        "next_url": f"?{urlencode({'after': shown[-1].pk})}" if len(rows) > PAGE else "",
        "is_first": "after" not in request.GET,
    }
    return render(request, "pages/notifications/browse.html", context)


@login_required
@require_safe
def follow(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Mark one as read and lead to what it is about: to a page of this site, made from the event alone.

    Raises:
        Http404: there is no such notification for the reader, or no longer.
    """
    reader = actor_of(request.user)
    told = tell_each(reader, notifications_of(reader).filter(pk=key).select_related("event"))
    if not told:
        raise Http404
    mark_read(actor=reader, keys=[key])
    return redirect(told[0].path)


@login_required
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Mark one as read (``key``), or all that the reader's list could show (``until``)."""
    reader = actor_of(request.user)
    if "key" in request.POST:
        mark_read(actor=reader, keys=_keys(request.POST["key"]))
    else:
        mark_read(actor=reader, until=_moment(request.POST.get("until", "")))
        messages.success(request, _("All marked as read."))
    return redirect("notifications")


def _page_after(rows: QuerySet[Notification], cursor: str) -> QuerySet[Notification]:
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    ordered = rows.annotate(is_read=is_read).order_by("is_read", "-created_at", "-pk").select_related("event")
    last = ordered.filter(pk__in=_keys(cursor)).first() if cursor else None
    if last is not None:
        read, at = last.read_at is not None, last.created_at
        behind = Q(is_read__gt=read) | Q(is_read=read, created_at__lt=at)
        ordered = ordered.filter(behind | Q(is_read=read, created_at=at, pk__lt=last.pk))
    return ordered[: PAGE + 1]


def _keys(text: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(text)]
    except ValueError:
        return []


def _moment(text: str) -> datetime:
    """Return when the list was read; now, where the field was tampered with."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return moment if moment is not None and timezone.is_aware(moment) else timezone.now()
