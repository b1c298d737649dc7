"""Whom a rollback's events concern, and in which words they are told (``catalog.notifications``)."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Exists, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Membership, Role
from catalog.notifications.circles import MAINTAINERS, PERSON, Circle, Why, key_of
from catalog.notifications.joining import join_notifications
from catalog.pages.reasons import describe_reasons
from provenance.errors import Conflict
from provenance.events.models import Event
from training.rollbacks.descending import descendants_of
from training.rollbacks.models import Rollback
from training.rollbacks.reasons import WORDS_OF_REASON
from training.rollbacks.removal import removal_of

SUBJECT: Final = r"^rollback:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def concerned_members(rollback: Rollback) -> set[int]:
    """Return the members, by key, that brought in what replaced bases hold, or made models of them."""
    kept = rollback.descendants.exclude(member=None).values_list("member", flat=True)
    try:
        removal = removal_of(rollback)
    except Conflict:  # another rollback took it out in the meantime
        return set(kept)
    brought = {each.job.node.member_id for turn in removal.turns for each in turn.link.contributions}
    return (
        brought | set(kept) | {row.member_id for row in descendants_of(removal) if row.member_id is not None}
    )


def _concerned(event: Event) -> Q:
    rollback = Rollback.objects.select_related("family").get(pk=key_of(event))
    members = concerned_members(rollback)
    held = Membership.objects.filter(user=PERSON, member__in=members)
    return Q(Exists(held.filter(role__in=(Role.MAINTAINER, Role.STEWARD))))


CONCERNED: Final = Circle(Why.CONCERNED, _concerned)
EVERYBODY: Final = (CONCERNED, MAINTAINERS)
RULES: Final[Mapping[str, tuple[Circle, ...]]] = {
    "rollback.proposed": EVERYBODY,
    "rollback.replaying": EVERYBODY,
    "rollback.refused": EVERYBODY,
    "rollback.taken-back": EVERYBODY,
    "rollback.done": EVERYBODY,
    "rollback.failed": (MAINTAINERS,),
}
SENTENCES: Final[Mapping[str, Promise]] = {
    "rollback.proposed": _("%(who)s proposes to take contributions out of a family’s bases"),
    "rollback.replaying": _("The members decided: the bases are computed again without the contributions"),
    "rollback.refused": _("The members refused the rollback"),
    "rollback.taken-back": _("%(who)s took the proposed rollback back"),
    "rollback.done": _("The rollback is done: the family has another newest base"),
    "rollback.failed": _("The replay of a rollback failed; a maintainer may try again"),
}


def register() -> None:
    """Let people be told; called when the program starts."""
    describe_reasons(WORDS_OF_REASON)
    join_notifications(RULES, SENTENCES, subject=SUBJECT)
