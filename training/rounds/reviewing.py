"""Reviewing and merging: admission, the maintainers' words, then the merge in a task of its own."""

from collections.abc import Iterable

from training.contributions.deciding import missing_decisions
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.states import JobKind, JobState
from training.messages import send_after_commit
from training.rounds.collecting import LEFT_OUT, describe_end
from training.rounds.models import Round
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict, Wait

ADMIT = "training.contributions.tasks.admit_contribution"
MERGE = "training.rounds.tasks.merge_round"
EVERY = 10.0  # seconds after which a message that nobody took is dropped: the next look sends another
UNDECIDED = (ContributionState.RECEIVED, ContributionState.ADMITTED)


def review(round_: Round) -> Verdict:
    """Wait until each contribution is inadmissible, accepted or rejected. Only people end this wait."""
    contributions = list(
        Contribution.objects.filter(round=round_).select_related("job__node__member", "round")
    )
    for contribution in contributions:
        if contribution.state == ContributionState.RECEIVED:
            send_after_commit(ADMIT, contribution.pk, expires=EVERY)
    waiting = [contribution for contribution in contributions if contribution.state in UNDECIDED]
    if waiting:
        return Wait(f"{_left_out(round_)}{'; '.join(_words(waiting))}.")
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
    return Wait("The merge of the accepted contributions.")


def _words(waiting: Iterable[Contribution]) -> list[str]:
    return [
        f"Contribution of {contribution.job.node.slug}: {sentence}"
        for contribution in waiting
        for sentence in missing_decisions(contribution)
    ]


def _left_out(round_: Round) -> str:
    missing = round_.jobs.filter(kind=JobKind.CONTRIBUTED_CPT).exclude(state=JobState.SUCCEEDED)
    words = [describe_end(job) for job in missing.select_related("node")]
    late = any(job.reason_code == LEFT_OUT for job in missing)
    return f"{'Left out at the deadline' if late else 'Without'} {', '.join(words)}. " if words else ""
