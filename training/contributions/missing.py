"""What still has to happen before an update is decided, in words for people."""

from typing import Final

from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.contributions.tally import Tally, tally_of
from training.rounds.states import RoundState

AFTER_REVIEW: Final = (
    RoundState.MERGING,
    RoundState.PROMOTING,
    RoundState.CLOSED,
    RoundState.ABANDONED,
)


def missing_decisions(contribution: Contribution) -> list[str]:
    """Say in words what is still to come; empty when it is decided."""
    if contribution.state == ContributionState.COMMITTED:
        return ["its bytes have to come in"]
    if contribution.state == ContributionState.RECEIVED:
        return ["the admission check has to finish"]
    if contribution.state != ContributionState.ADMITTED:
        return []
    if contribution.round.state in AFTER_REVIEW:
        return ["the next round of its family takes it up"] if contribution.turn else []
    if contribution.round.state != RoundState.REVIEWING:
        return ["the round has to collect and to measure its candidate"]
    return _voices(tally_of(contribution))


def _voices(tally: Tally) -> list[str]:
    need = tally.quorum - tally.accepts
    words = f"{need} more {'member has' if need == 1 else 'members have'} to accept"
    if not tally.left:
        return [f"{words}, and no other member has a maintainer: give one the role, or abandon the round"]
    names = ", ".join(member.name for member in tally.left)
    said = [f"{words}; maintainers of {names} may decide"]
    if sum(tally.words.values()) > tally.accepts:
        said.append("when all of them have spoken and no word has its quorum, it goes into quarantine")
    return said
