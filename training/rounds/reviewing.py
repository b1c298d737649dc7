"""Reviewing and merging: the maintainers' words, then the merge in a task of its own."""

from collections.abc import Iterable
from typing import Final

from training.contributions.deciding import settle_decisions
from training.contributions.missing import missing_decisions
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.states import CONTRIBUTES, JobState
from training.messages import send_after_commit
from training.rounds.evaluating import EVERY, await_admission
from training.rounds.leaving_out import AT_DEADLINE, BY_VOTE, describe_end
from training.rounds.models import Round
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict, Wait
from training.rounds.windows import collected_in

MERGE: Final = "training.rounds.tasks.merge_round"
_HOW: Final = {AT_DEADLINE: "Left out at the deadline", BY_VOTE: "Left out by vote"}


def review(round_: Round) -> Verdict:
    """Wait until members have decided on each contribution. Only people end this wait, by word or absence."""
    if (waiting := await_admission(round_)) is not None:
        return waiting
    for contribution in collected_in(round_).filter(state=ContributionState.ADMITTED):
        settle_decisions(contribution)
    contributions = list(collected_in(round_))
    undecided = [each for each in contributions if each.state == ContributionState.ADMITTED]
    if undecided:
        return Wait("decisions", f"{_left_out(round_)}{'; '.join(_words(undecided))}.")
    accepted = sum(contribution.state == ContributionState.ACCEPTED for contribution in contributions)
    if accepted < round_.minimum_contributions:
        return Abandon(
            "too-few-accepted",
            f"{accepted} of {len(contributions)} contributions were accepted, "
            f"{round_.minimum_contributions} are needed.",
        )
    return Go(RoundState.MERGING)


def await_merge(round_: Round) -> Verdict:
    """Ask for the merge until it is there; a merge that runs already turns the second one away."""
    send_after_commit(MERGE, round_.pk, expires=EVERY)
    return Wait("merge", "The merge of the accepted contributions.")


def _words(waiting: Iterable[Contribution]) -> list[str]:
    return [
        f"Contribution of {contribution.job.node.slug}: {sentence}"
        for contribution in waiting
        for sentence in missing_decisions(contribution)
    ]


def _left_out(round_: Round) -> str:
    """Say who is not in, and how that came about; a window leaves nobody out."""
    if round_.mode == Round.Mode.ASYNCHRONOUS:
        return ""
    missing = list(
        round_.jobs.filter(kind__in=CONTRIBUTES).exclude(state=JobState.SUCCEEDED).select_related("node")
    )
    told = [f"{_HOW[job.reason_code]}: {job.node.slug}" for job in missing if job.reason_code in _HOW]
    others = [describe_end(job) for job in missing if job.reason_code not in _HOW]
    return "".join(f"{each}. " for each in (*told, *others))
