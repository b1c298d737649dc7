"""The history of a proposal as a story: what happened, who did it, in whose words, and what changed by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise

from catalog.pages.datasets.difference import Difference
from catalog.pages.naming import Names, actor_of_event, names_for, names_of
from catalog.pages.reasons import words_of_reason
from catalog.pages.review.telling import Rows, Told
from catalog.pages.stories import words_of_action
from catalog.review.history import History
from provenance.actors import Actor
from provenance.events.models import Event

TONES: Final[Mapping[str, str]] = {
    "proposal.accepted": "good",
    "proposal.sealed": "good",
    "proposal.appeal-upheld": "good",
    "proposal.changes-requested": "attention",
    "proposal.appealed": "attention",
    "proposal.rejected": "bad",
    "proposal.blocked": "bad",
    "proposal.appeal-dismissed": "bad",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that happened.

    ``about`` is the answer or the person that it concerns, ``said`` what its author wrote, ``difference``
    what a hand-in changed since the one before.
    """

    title: str | Promise
    at: datetime
    actor: str
    tone: str = ""
    about: str | Promise = ""
    said: str = ""
    reasons: tuple[str, ...] = ()
    difference: Difference | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day, in the reader's zone."""

    day: date
    chapters: list[Chapter]


def story_of(history: History, reader: Actor) -> list[Day]:
    """Tell the history day by day, the first day first; neighbours that are alike are one chapter."""
    asked = [str(event.details.get("reviewer", "")) for event in history.events]
    names = {**names_for(reader, history.events, subjects=False), **names_of(reader, asked)}
    rows = Rows(history, names)
    chapters: list[Chapter] = []
    for event in history.events:
        chapter = _chapter(event, names, rows.tell(event))
        if chapters and replace(chapters[-1], at=chapter.at, times=1) == chapter:
            chapters[-1] = replace(chapters[-1], times=chapters[-1].times + 1)
        else:
            chapters.append(chapter)
    days = groupby(chapters, key=lambda chapter: timezone.localdate(chapter.at))
    return [Day(day, list(found)) for day, found in days]


def _chapter(event: Event, names: Names, told: Told) -> Chapter:
    return Chapter(
        title=told.title or words_of_action(event.action),
        at=event.time,
        actor=actor_of_event(event, names),
        tone=told.tone or TONES.get(event.action, ""),
        about=told.about,
        said=told.said,
        reasons=tuple(words_of_reason(code) for code in event.reason_codes),
        difference=told.difference,
    )
