"""Where a weight update stands, in one sentence: the page's first question."""

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.translation import gettext, ngettext

from training.contributions.missing import AFTER_REVIEW
from training.contributions.models import Contribution, Decision, DecisionVerdict
from training.contributions.states import ContributionState


def where_it_stands(contribution: Contribution, decisions: Sequence[Decision]) -> str:
    """Return the sentence; ``contribution`` comes with its round and its result, words are of its turn."""
    return _SENTENCES[ContributionState(contribution.state)](contribution, decisions)


def _committed(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("Not known yet: the node has signed what it made, and its bytes are still on their way.")


def _never_delivered(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("No: the node signed it and never delivered its bytes.")


def _received(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("Not known yet: its bytes are here, and the admission check is about to measure them.")


def _inadmissible(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("No: it breaks a published rule of admission, so nobody needs to decide.")


def _admitted(contribution: Contribution, decisions: Sequence[Decision]) -> str:
    if contribution.round.state in AFTER_REVIEW:
        return gettext("Not decided: an appeal freed it, and the next round of its family takes it up.")
    quorum = contribution.round.quorum
    accepts = sum(decision.verdict == DecisionVerdict.ACCEPT for decision in decisions)
    text = ngettext(
        "Not decided: it passed admission; %(accepts)s of %(n)s needed member has accepted it.",
        "Not decided: it passed admission; %(accepts)s of %(n)s needed members have accepted it.",
        quorum,
    )
    return text % {"accepts": accepts, "n": quorum}


def _accepted(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("Yes: enough members accepted it, and it goes into the next base.")


def _rejected(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("No: members rejected it, and it stays out of the base.")


def _quarantined(_contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    return gettext("Not in this round: it is in quarantine, kept in full, and an appeal can free it.")


def _merged(contribution: Contribution, _decisions: Sequence[Decision]) -> str:
    result = contribution.round.result
    return gettext("Yes: it is part of %(base)s.") % {"base": result.label if result else ""}


_SENTENCES: Final[dict[ContributionState, Callable[[Contribution, Sequence[Decision]], str]]] = {
    ContributionState.COMMITTED: _committed,
    ContributionState.WITHDRAWN: _never_delivered,
    ContributionState.RECEIVED: _received,
    ContributionState.INADMISSIBLE: _inadmissible,
    ContributionState.ADMITTED: _admitted,
    ContributionState.ACCEPTED: _accepted,
    ContributionState.REJECTED: _rejected,
    ContributionState.QUARANTINED: _quarantined,
    ContributionState.MERGED: _merged,
}
