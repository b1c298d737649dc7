"""Notifications in words, made when they are read: in the reader's language, with the names of today."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.notifications.circles import Why
from catalog.notifications.models import Notification
from catalog.pages.naming import Named, actor_of_event, names_for
from catalog.pages.reasons import words_of_reason
from provenance.actors import Actor
from provenance.events.models import Event

SENTENCES: Final[dict[str, Promise]] = {
    "proposal.submitted": _("%(who)s handed the proposal in for review"),
    "proposal.sealed": _("%(who)s had the private entry sealed for your member"),
    "proposal.made-private": _("%(who)s made the proposal private; the rest of it was forgotten"),
    "proposal.withdrawn": _("%(who)s withdrew the proposal"),
    "proposal.changes-requested": _("The reviewers ask for changes; %(who)s spoke last"),
    "proposal.accepted": _("The proposal was accepted; %(who)s spoke last"),
    "proposal.rejected": _("The proposal was rejected; %(who)s spoke last"),
    "proposal.blocked": _("The proposal was blocked by %(who)s"),
    "proposal.assigned": _("%(who)s asks you to review"),
    "proposal.assignment-passed-on": _("Your review was overdue, and somebody else is asked now"),
    "proposal.review-due": _("Your review is due"),
    "proposal.thread-opened": _("%(who)s opened a talk about the proposal"),
    "proposal.thread-answered": _("%(who)s wrote in a talk about the proposal"),
    "proposal.thread-resolved": _("%(who)s closed a talk as settled"),
    "proposal.thread-reopened": _("%(who)s opened a settled talk again"),
    "proposal.appealed": _("%(who)s appealed against the decision"),
    "proposal.appeal-due": _("The time of an appeal is over, and voices are missing"),
    "proposal.appeal-upheld": _("The appeal was upheld: the proposal is reviewed again"),
    "proposal.appeal-dismissed": _("The appeal was dismissed: the decision stands"),
    "proposal.appeal-withdrawn": _("%(who)s withdrew the appeal"),
    "motion.opened": _("%(who)s made a motion: your member votes"),
    "motion.carried": _("The motion was carried"),
    "motion.lost": _("The motion was lost"),
    "motion.lapsed": _("The motion lapsed: too few members voted in time"),
    "motion.withdrawn": _("%(who)s withdrew the motion"),
    "access.requested": _("%(who)s asks for access"),
    "access.renewal-requested": _("%(who)s asks for a longer access"),
    "access.withdrawn": _("%(who)s gave back an access, or a request for it"),
    "access.granted": _("%(who)s granted access"),
    "access.refused": _("%(who)s refused access"),
    "access.revoked": _("%(who)s revoked the access"),
    "access.expired": _("The access has run out"),
    "batch.worked-through": _("All rows of your table are worked through"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notification as its reader may know it. ``path`` leads to what it is about, on this site."""

    key: uuid.UUID
    action: str
    sentence: str
    about: str
    path: str
    why: str
    reasons: tuple[str, ...]
    at: datetime
    is_read: bool


def tell_each(reader: Actor, notifications: Iterable[Notification]) -> list[Told]:
    """Put notifications into words, in their order; a query for each kind of thing that they name.

    Expects their events to be loaded. What the reader can not be given the name of is left out (INV-6).
    """
    rows = list(notifications)
    names = names_for(reader, [row.event for row in rows])
    return [_told(row, names) for row in rows if row.event.subject in names]


def sentence_of(event: Event, names: Mapping[str, Named]) -> str:
    """Return what happened, with who did it as far as ``names`` may tell."""
    return str(SENTENCES[event.action]) % {"who": actor_of_event(event, names)}


def _told(row: Notification, names: Mapping[str, Named]) -> Told:
    about = names[row.event.subject]
    return Told(
        key=row.pk,
        action=row.event.action,
        sentence=sentence_of(row.event, names),
        about=about.text,
        path=_path(row.event, about),
        why=str(Why(row.why).label),
        reasons=tuple(words_of_reason(code) for code in row.event.reason_codes),
        at=row.created_at,
        is_read=row.read_at is not None,
    )


def _path(event: Event, about: Named) -> str:
    """Return the page of the talk or appeal below that of its proposal, else the page of the thing itself."""
    if event.action.startswith("proposal.thread-") and "thread" in event.details:
        return f"{about.url}threads/{event.details['thread']}/"
    if event.action.partition(".")[2].startswith("appeal"):
        return f"{about.url}appeal/"
    return about.url or "/notifications/"
