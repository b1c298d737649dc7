"""The founding: while it lasts, the coordinator enters members; from its end on, only votes do (INV-7).

Somebody has to enter the first members, before there is anybody to vote. That ends with one public event, for
good: the coordinator writes it when its list is entered, and any maintainer can, by moving the first motion.
"""

from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from catalog.members.models import Member, Role
from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Event
from provenance.events.services import Evidence, record_event

FOUNDED: Final = "consortium.founded"
LEAST_FOUNDERS: Final = 2


def is_founded() -> bool:
    """Tell whether the founding is over. The log says so, and can not be made to forget."""
    return Event.objects.filter(action=FOUNDED).exists()


@transaction.atomic
def end_founding(*, actor: Actor) -> Event:
    """Write into the log who founded the consortium; from then on members vote on members.

    Raises:
        NotPermitted: ``not-a-maintainer``, for who is neither that nor the coordinator.
        Conflict: ``founded-already``; ``too-few-members``, below two with a maintainer.
    """
    founders = _locked()
    if is_founded():
        raise Conflict("The consortium was founded already.", code="founded-already")
    return _end(actor, founders)


@transaction.atomic
def ensure_founded(*, actor: Actor) -> None:
    """End the founding if it is not over. Raises what ``end_founding`` raises, but no ``founded-already``."""
    if is_founded():
        return
    founders = _locked()
    if not is_founded():
        _end(actor, founders)


def _locked() -> list[str]:
    """Return the members' slugs, their rows locked: of two ends at once the second waits for the first."""
    return list(Member.objects.select_for_update().order_by("slug").values_list("slug", flat=True))


def _end(actor: Actor, founders: list[str]) -> Event:
    if actor.kind is not ActorKind.SERVICE and not actor.has_role(Role.MAINTAINER):
        message = "Only a maintainer ends the founding."
        raise NotPermitted(message, code="not-a-maintainer", requirement="INV-7")
    speaking = Q(memberships__role=Role.MAINTAINER, memberships__user__is_active=True)
    members = Member.objects.filter(slug__in=founders).order_by("slug")
    maintainers = dict(
        members.annotate(people=Count("memberships", filter=speaking)).values_list("slug", "people")
    )
    if sum(people > 0 for people in maintainers.values()) < LEAST_FOUNDERS:
        raise Conflict("Two members with a maintainer found a consortium.", code="too-few-members")
    return record_event(
        actor=actor,
        action=FOUNDED,
        subject="consortium",
        evidence=Evidence(details={"maintainers": maintainers}),
    )
