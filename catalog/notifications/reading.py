"""What a person was told and may still know of: the same rows on pages, in letters and feeds."""

from typing import Final

from django.db.models import Case, Exists, F, Func, OuterRef, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast

from catalog.access.models import AccessRequest
from catalog.batches.models import Batch
from catalog.governance.models import Motion
from catalog.notifications.joining import about_public
from catalog.notifications.models import Notification
from catalog.notifications.rules import SUBJECT
from catalog.proposals.models import Proposal
from provenance.actors import CONSORTIUM, Actor

MOST_COUNTED: Final = 99


def notifications_of(reader: Actor) -> QuerySet[Notification]:
    """Return the reader's notifications whose event and subject they may still discover (INV-6).

    A proposal that became private, or a member that somebody left, takes its notifications out of sight.
    """
    key = Cast(
        Func(F("event__subject"), Value(":"), Value(2), function="split_part"), output_field=UUIDField()
    )
    mine = Notification.objects.filter(recipient=reader.key, event__audience__in=sorted(reader.audiences))
    return mine.annotate(
        about=Case(When(event__subject__regex=SUBJECT, then=key), output_field=UUIDField())
    ).filter(_known_to(reader))


def unread_count(reader: Actor) -> int:
    """Return how many are unread, at most ``MOST_COUNTED`` + 1; one query over an index of unread rows."""
    return notifications_of(reader).filter(read_at__isnull=True)[: MOST_COUNTED + 1].count()


def _known_to(reader: Actor) -> Q:
    about = OuterRef("about")
    known = {
        "proposal": Proposal.objects.visible_to(reader).filter(pk=about),
        "access": AccessRequest.objects.visible_to(reader).filter(pk=about),
        "batch": Batch.objects.visible_to(reader).filter(pk=about),
        "motion": Motion.objects.filter(pk=about)
        if CONSORTIUM in reader.audiences
        else Motion.objects.none(),
    }
    condition = about_public()
    for noun, things in known.items():
        condition |= Q(Exists(things), event__subject__startswith=f"{noun}:")
    return condition
