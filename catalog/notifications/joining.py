"""How a floor above tells people of its own events: whom each concerns, and in which words."""

import re
from collections.abc import Mapping

from django.db.models import Q
from django.utils.functional import Promise

from catalog.notifications.circles import Circle
from catalog.notifications.rules import RULES, SUBJECT
from catalog.notifications.waiting import JOINED, Source
from catalog.notifications.wording import SENTENCES

_PUBLIC: list[str] = []  # what everybody may discover, as events name it


def join_notifications(
    rules: Mapping[str, tuple[Circle, ...]], sentences: Mapping[str, Promise], *, subject: str
) -> None:
    """Tell people of these actions too. They are about things that everybody may discover.

    ``subject`` matches what events call them, in a pattern that PostgreSQL reads as well.
    """
    RULES.update(rules)
    SENTENCES.update(sentences)
    if subject not in _PUBLIC:
        _PUBLIC.append(subject)


def join_waiting(source: Source) -> None:
    """Let the lists of what waits for a person, on the site and in letters, hold what ``source`` gives."""
    if source not in JOINED:
        JOINED.append(source)


def has_page(subject: str) -> bool:
    """Tell whether what an event is about has a page to which a notification leads."""
    return any(re.match(pattern, subject) for pattern in (SUBJECT, *_PUBLIC))


def about_public() -> Q:
    """Keep the notifications whose subject everybody may discover."""
    condition = Q(pk__in=[])
    for pattern in _PUBLIC:
        condition |= Q(event__subject__regex=pattern)
    return condition
