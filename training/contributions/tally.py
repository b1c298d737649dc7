"""Counting what members said of an update. A word is a member's; those of the present turn alone count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from catalog.governance.voices import maintainers_besides
from catalog.members.models import Member
from training.contributions.models import Contribution, Decision, DecisionVerdict
from training.contributions.states import ContributionState

RESULT: Final = {
    DecisionVerdict.ACCEPT: ContributionState.ACCEPTED,
    DecisionVerdict.REJECT: ContributionState.REJECTED,
    DecisionVerdict.QUARANTINE: ContributionState.QUARANTINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many members said what, how many of one mind decide, and who may still speak."""

    words: Mapping[str, int]
    quorum: int
    left: list[Member]

    @property
    def accepts(self) -> int:
        """How many members accept it."""
        return self.words.get(DecisionVerdict.ACCEPT, 0)

    @property
    def outcome(self) -> ContributionState | None:
        """Where the words move the update; None while more of them are to come.

        A quorum of equal words decides. Where every member that may speak has spoken and no word has its
        quorum, the update goes into quarantine: too few accept it, and nobody has rejected it for good. So
        no round waits for a word that can not come.
        """
        for verdict, state in RESULT.items():
            if self.words.get(verdict, 0) >= self.quorum:
                return state
        return ContributionState.QUARANTINED if self.words and not self.left else None


def words_on(contribution: Contribution) -> QuerySet[Decision]:
    """Return the words that count: those of the present turn."""
    return Decision.objects.filter(contribution=contribution, turn=contribution.turn)


def tally_of(contribution: Contribution) -> Tally:
    """Count; ``contribution`` comes with its round, its job and the job's node."""
    words = list(words_on(contribution).values_list("member", "maintainer", "verdict"))
    left = maintainers_besides(contribution.job.node.member_id).exclude(
        user__in={person for _member, person, _verdict in words}
    )
    members = Member.objects.filter(pk__in=left.values("member"))
    return Tally(
        words=Counter(verdict for _member, _person, verdict in words),
        quorum=contribution.round.quorum,
        left=list(members.exclude(pk__in={member for member, *_rest in words}).order_by("name")),
    )
