"""Who decides on an appeal for an update, and what their voices come to."""

from collections.abc import Mapping
from typing import Final

from django.db.models import QuerySet

from catalog.governance.voices import maintainers_besides
from catalog.members.models import Member, Membership
from catalog.review.judges import come_to, wanted_of
from catalog.review.states import AppealState
from training.contributions.models import Decision, DecisionVerdict
from training.contributions.review_models import ContributionAppeal
from training.contributions.states import ContributionState

# Where no word had its quorum the update is in quarantine by the words for either.
SPOKEN_AS: Final[Mapping[str, tuple[DecisionVerdict, ...]]] = {
    ContributionState.REJECTED: (DecisionVerdict.REJECT,),
    ContributionState.QUARANTINED: (DecisionVerdict.REJECT, DecisionVerdict.QUARANTINE),
}


def spoke_for_decision(appeal: ContributionAppeal) -> QuerySet[Decision]:
    """Return the words that made the decision that is appealed."""
    said = Decision.objects.filter(contribution=appeal.contribution_id, turn=appeal.turn)
    return said.filter(verdict__in=SPOKEN_AS[appeal.against])


def entitled_to_judge(appeal: ContributionAppeal) -> QuerySet[Membership]:
    """Return the memberships of all who may decide: of other members, and neither spoke for the decision."""
    said = spoke_for_decision(appeal)
    others = maintainers_besides(appeal.member_id)
    return others.exclude(user__in=said.values("maintainer")).exclude(member__in=said.values("member"))


def judges_left(appeal: ContributionAppeal) -> list[Member]:
    """Return the members that may still speak on it."""
    left = entitled_to_judge(appeal).exclude(user__in=appeal.voices.values("maintainer"))
    heard = appeal.voices.values("member")
    return list(Member.objects.filter(pk__in=left.values("member")).exclude(pk__in=heard).order_by("name"))


def voices_wanted(appeal: ContributionAppeal) -> int:
    """Return how many must agree: the round's quorum, or all that there are where they are fewer."""
    quorum = appeal.contribution.round.quorum
    return wanted_of(appeal.voices.count(), len(judges_left(appeal)), quorum)


def verdict_on(appeal: ContributionAppeal) -> AppealState | None:
    """Return what the voices come to (`catalog.review.judges.come_to`); None while they do not suffice."""
    said = list(appeal.voices.values_list("upholds", flat=True))
    return come_to(said, len(judges_left(appeal)), appeal.contribution.round.quorum)
