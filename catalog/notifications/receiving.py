"""From the log to the people: each new event is looked up in ``rules.RULES``, in its own transaction."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Value, When

from catalog.members.models import User
from catalog.notifications.circles import Circle, may_know
from catalog.notifications.joining import has_page
from catalog.notifications.models import Notification
from catalog.notifications.rules import IN_THEIR_NAME, RULES
from provenance.actors import ActorKind
from provenance.events.models import Event


def tell_people(sender: type[Event], instance: Event, *, created: bool, raw: bool = False, **_: Any) -> None:
    """Receive ``post_save`` of an event: two queries where somebody may be concerned, none elsewhere.

    The notifications stand or fall with the event: what was rolled back is told to nobody.
    """
    del sender
    circles = RULES.get(instance.action)
    if circles is None or raw or not created or not has_page(instance.subject):
        return
    told = [
        Notification(recipient_id=pk, event=instance, why=why) for pk, why in concerned(instance, circles)
    ]
    Notification.objects.bulk_create(told, ignore_conflicts=True)


def concerned(event: Event, circles: Iterable[Circle]) -> Iterable[tuple[int, str]]:
    """Return ids of people and why each is concerned: the first circle that holds them counts.

    Only active people who may read of the event in the log (INV-6), and never who did it.
    """
    chosen = [When(circle.people(event), then=Value(circle.why.value)) for circle in circles]
    people = User.objects.filter(may_know(event), is_active=True).annotate(
        why=Case(*chosen, default=Value(""))
    )
    kind, _colon, key = event.actor.partition(":")
    if kind == ActorKind.PERSON and key.isdecimal() and event.action not in IN_THEIR_NAME:
        people = people.exclude(pk=int(key))
    return people.exclude(why="").values_list("pk", "why")
