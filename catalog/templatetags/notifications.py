"""The count in the masthead."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import localize

from catalog.members.actors import actor_of
from catalog.members.models import User
from catalog.notifications.reading import MOST_COUNTED, unread_count

register = template.Library()


@register.inclusion_tag("components/bell.html", takes_context=True)
def bell(context: Mapping[str, Any]) -> dict[str, Any]:
    """Show the way to the notifications, with the number of the unread, for whoever is signed in."""
    user = context.get("user")
    count = unread_count(actor_of(user)) if isinstance(user, User) else 0
    shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else localize(count)
    return {"count": count, "shown": shown}
