"""Whom the steps of a review concern, and how they are told (`catalog.notifications`)."""

from typing import Final

from django.db.models import Exists, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Membership, Role
from catalog.notifications.circles import PERSON, Circle, Why, holding
from catalog.notifications.joining import join_notifications
from provenance.events.models import Event
from training.contributions.models import Decision
from training.contributions.review_models import ContributionAppeal, ContributionRequest

SUBJECT: Final = r"^contribution:[0-9a-f]{64}$"


def _digest(event: Event) -> str:
    return event.subject.partition(":")[2]


def _contributors(event: Event) -> Q:
    made = {"member__nodes__jobs__contribution__digest": _digest(event)}
    return holding(Role.MAINTAINER, **made) | holding(Role.STEWARD, **made)


def _speakers(event: Event) -> Q:
    return Q(Exists(Decision.objects.filter(contribution__digest=_digest(event), maintainer=PERSON)))


def _askers(event: Event) -> Q:
    asked = ContributionRequest.objects.filter(pk=event.details.get("request"), maintainer=PERSON)
    return Q(Exists(asked))


def _appellants(event: Event) -> Q:
    made = ContributionAppeal.objects.filter(contribution__digest=_digest(event), made_by=PERSON)
    return Q(Exists(made))


def _other_maintainers(event: Event) -> Q:
    """Those who can have a voice: the contributing member's own people have none (INV-7)."""
    own = Membership.objects.filter(user=PERSON, member__nodes__jobs__contribution__digest=_digest(event))
    return holding(Role.MAINTAINER) & ~Q(Exists(own))


CONTRIBUTORS: Final = Circle(Why.CONTRIBUTOR, _contributors)
SPEAKERS: Final = Circle(Why.DECIDED, _speakers)
ASKERS: Final = Circle(Why.ASKED, _askers)
APPELLANTS: Final = Circle(Why.APPELLANT, _appellants)
OTHER_MAINTAINERS: Final = Circle(Why.MAINTAINER, _other_maintainers)

RULES: Final[dict[str, tuple[Circle, ...]]] = {
    "contribution.asked": (CONTRIBUTORS,),
    "contribution.answered": (ASKERS, SPEAKERS),
    "contribution.accepted": (CONTRIBUTORS, SPEAKERS),
    "contribution.rejected": (CONTRIBUTORS, SPEAKERS),
    "contribution.quarantined": (CONTRIBUTORS, SPEAKERS),
    "contribution.appealed": (CONTRIBUTORS, SPEAKERS, OTHER_MAINTAINERS),
    "contribution.appeal-upheld": (APPELLANTS, CONTRIBUTORS, SPEAKERS),
    "contribution.appeal-dismissed": (APPELLANTS, CONTRIBUTORS, SPEAKERS),
    "contribution.appeal-withdrawn": (CONTRIBUTORS, SPEAKERS, OTHER_MAINTAINERS),
}
SENTENCES: Final[dict[str, Promise]] = {
    "contribution.asked": _("%(who)s has a question about your weight update"),
    "contribution.answered": _("%(who)s answered a question about the weight update"),
    "contribution.accepted": _("The weight update was accepted; %(who)s spoke last"),
    "contribution.rejected": _("The weight update was rejected; %(who)s spoke last"),
    "contribution.quarantined": _("The weight update was put in quarantine; %(who)s spoke last"),
    "contribution.appealed": _("%(who)s appealed against the decision on the weight update"),
    "contribution.appeal-upheld": _("The appeal was upheld: members decide on the weight update again"),
    "contribution.appeal-dismissed": _("The appeal was dismissed: the decision on the weight update stands"),
    "contribution.appeal-withdrawn": _("%(who)s took the appeal for the weight update back"),
}


def register() -> None:
    """Tell people of what happens to weight updates, which all are public."""
    join_notifications(RULES, SENTENCES, subject=SUBJECT)
