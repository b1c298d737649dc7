"""Circles of people around what an event is about: each a condition, so that one query asks for all."""

import uuid
from collections.abc import Callable
from typing import Final, NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.access.models import AccessRequest
from catalog.batches.models import Batch
from catalog.governance.models import Motion
from catalog.members.models import Membership, Role
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal, Assignment, Comment, Review
from catalog.review.states import AssignmentState
from provenance.actors import CONSORTIUM, PUBLIC
from provenance.events.models import Event


class Why(models.TextChoices):
    """Why an event concerns somebody, as the notification keeps it and its page says it."""

    AUTHOR = "author", _("You started the proposal, or saved it last.")
    STEWARD = "steward", _("You are a data steward of the member that proposes it.")
    ASSIGNED = "assigned", _("You are asked to review the proposal.")
    SPOKE = "spoke", _("You spoke on the proposal.")
    IN_THREAD = "in-thread", _("You take part in this talk.")
    APPELLANT = "appellant", _("You made the appeal.")
    MAINTAINER = "maintainer", _("You are a maintainer, and your member has a voice.")
    MOVER = "mover", _("You made the motion.")
    ASKER = "asker", _("You asked for access.")
    OWNER = "owner", _("You are a data steward of the owner.")
    SENDER = "sender", _("You handed the table in.")
    CONCERNED = "concerned", _("It concerns what your member brought in, or made of it.")
    CONTRIBUTOR = "contributor", _("Your member made the weight update.")
    DECIDED = "decided", _("You spoke on the weight update.")
    ASKED = "asked", _("You asked the question.")


class Circle(NamedTuple):
    """Some people and what makes them concerned. ``people`` is a condition on ``catalog.User``."""

    why: Why
    people: Callable[[Event], Q]


PERSON: Final = OuterRef("pk")
GIVEN_UP: Final = (AssignmentState.DECLINED, AssignmentState.PASSED_ON)


def key_of(event: Event) -> uuid.UUID:
    """Return the key of what the event is about, without its noun (``rules.SUBJECT``)."""
    return uuid.UUID(event.subject.partition(":")[2])


def may_know(event: Event) -> Q:
    """Keep the people to whom the log tells of the event (INV-6)."""
    if event.audience == PUBLIC:
        return Q()
    held = Membership.objects.filter(user=PERSON)
    if event.audience != CONSORTIUM:
        held = held.filter(member__slug=event.audience.removeprefix("member:"))
    return Q(Exists(held))


def _authors(event: Event) -> Q:
    own = Q(created_by=PERSON) | Q(saved_by=PERSON)
    return Q(Exists(Proposal.objects.filter(own, pk=key_of(event))))


def _stewards(event: Event) -> Q:
    return holding(Role.STEWARD, member__proposals=key_of(event))


def _asked_now(event: Event) -> Q:
    return Q(Exists(Assignment.objects.filter(pk=event.details.get("assignment"), reviewer=PERSON)))


def _assigned(event: Event) -> Q:
    asked = Assignment.objects.filter(proposal=key_of(event), reviewer=PERSON)
    return Q(Exists(asked.exclude(state__in=GIVEN_UP)))


def _speakers(event: Event) -> Q:
    return Q(Exists(Review.objects.filter(proposal=key_of(event), reviewer=PERSON)))


def _in_thread(event: Event) -> Q:
    return Q(Exists(Comment.objects.filter(thread=event.details.get("thread"), author=PERSON)))


def _appellants(event: Event) -> Q:
    return Q(Exists(Appeal.objects.filter(proposal=key_of(event), made_by=PERSON)))


def _other_maintainers(event: Event) -> Q:
    """Those who can have a voice on an appeal: the proposer's own people have none (INV-7)."""
    own = Membership.objects.filter(user=PERSON, member__proposals=key_of(event))
    return holding(Role.MAINTAINER) & ~Q(Exists(own))


def _maintainers(event: Event) -> Q:
    del event  # every member votes on every motion
    return holding(Role.MAINTAINER)


def _movers(event: Event) -> Q:
    return Q(Exists(Motion.objects.filter(pk=key_of(event), moved_by=PERSON)))


def _askers(event: Event) -> Q:
    return Q(Exists(AccessRequest.objects.filter(pk=key_of(event), requested_by=PERSON)))


def _owners(event: Event) -> Q:
    return holding(Role.STEWARD, member__datasets__access_requests=key_of(event))


def _senders(event: Event) -> Q:
    return Q(Exists(Batch.objects.filter(pk=key_of(event), created_by=PERSON)))


def holding(role: Role, **of: object) -> Q:
    """Keep the people who hold a role, at members that ``of`` describes."""
    return Q(Exists(Membership.objects.filter(user=PERSON, role=role, **of)))


AUTHORS: Final = Circle(Why.AUTHOR, _authors)
STEWARDS: Final = Circle(Why.STEWARD, _stewards)
ASKED_NOW: Final = Circle(Why.ASSIGNED, _asked_now)
ASSIGNED: Final = Circle(Why.ASSIGNED, _assigned)
SPEAKERS: Final = Circle(Why.SPOKE, _speakers)
IN_THREAD: Final = Circle(Why.IN_THREAD, _in_thread)
APPELLANTS: Final = Circle(Why.APPELLANT, _appellants)
OTHER_MAINTAINERS: Final = Circle(Why.MAINTAINER, _other_maintainers)
MAINTAINERS: Final = Circle(Why.MAINTAINER, _maintainers)
MOVERS: Final = Circle(Why.MOVER, _movers)
ASKERS: Final = Circle(Why.ASKER, _askers)
OWNERS: Final = Circle(Why.OWNER, _owners)
SENDERS: Final = Circle(Why.SENDER, _senders)
