"""In which round an update counts, and from when on its bytes may be read.

A synchronous round takes what its own jobs bring. An asynchronous one takes what arrives in its window, from
jobs of earlier windows too, as long as they started from a base that is not too old.
"""

from typing import Final

from django.db.models import QuerySet

from provenance.errors import Conflict
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.jobs.endings import end_job
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES, ENDED, JobState
from training.rounds.models import Round
from training.rounds.states import RoundState

BEFORE_READING: Final = (RoundState.OPEN, RoundState.DISTRIBUTING, RoundState.COLLECTING)
_UNDELIVERED: Final = (ContributionState.COMMITTED, ContributionState.WITHDRAWN)
_TAKES: Final = (RoundState.DISTRIBUTING, RoundState.COLLECTING)


def are_bytes_readable(round_: Round) -> bool:
    """Tell whether anybody but its sender may see bytes, or figures of bytes, that came in for the round.

    Not before collecting is over: until then somebody could still commit to a neighbour's update.
    """
    return round_.state not in BEFORE_READING


def collected_in(round_: Round) -> QuerySet[Contribution]:
    """Return the contributions whose bytes are here and count in the round, in one order for all."""
    here = Contribution.objects.filter(round=round_).exclude(state__in=_UNDELIVERED)
    return here.select_related("job__node__member", "round").order_by("digest")


def round_for(job: Job) -> tuple[Round, int]:
    """Return the round in which what ``job`` brings now would count, and its staleness in bases.

    The caller has locked the job's row: the conductor locks all jobs before it ends collecting, so that what
    arrives in that moment is in, or finds the round over.

    Raises:
        Conflict: ``round-over``, it counts nowhere any more; ``too-stale``, its base is older than the window
            allows; ``window-closed``, between two windows of asynchronous work: it may ask again later.
    """
    own = Round.objects.select_related("base").get(pk=job.round_id)
    if own.state in _TAKES:
        return own, 0
    if own.mode != Round.Mode.ASYNCHRONOUS:
        raise _round_over(own)
    newest = Round.objects.select_related("base").filter(family=own.family_id).order_by("-number").first()
    if newest is None or newest.pk == own.pk or newest.state not in _TAKES:
        raise Conflict(
            "No window of this family is open just now.",
            code="window-closed",
            remedy="Keep the update and ask again: it counts in the next window.",
        )
    if newest.mode != Round.Mode.ASYNCHRONOUS:
        raise _round_over(own)
    staleness = staleness_in(newest, job)
    if staleness > newest.most_stale:
        raise Conflict(
            f"The update starts from a base that is {staleness} bases old; {newest.most_stale} are allowed.",
            code="too-stale",
        )
    return newest, staleness


def staleness_in(round_: Round, job: Job) -> int:
    """Return how many bases lie between the one that the job trains from and the one of the round."""
    return round_.base.number - job.round.base.number


def outstanding(round_: Round) -> QuerySet[Job]:
    """Return the training jobs of this and earlier rounds of the family that have not ended, in order."""
    jobs = Job.objects.filter(
        round__family=round_.family_id, round__number__lte=round_.number, kind__in=CONTRIBUTES
    )
    return jobs.exclude(state__in=ENDED).select_related("node", "round__base").order_by("pk")


def settle_earlier_jobs(round_: Round) -> set[int]:
    """Let jobs of earlier windows go on whose update would count here, end the others; return whose go on.

    Their nodes, by key, get no second job in the new window.
    """
    busy: set[int] = set()
    for job in outstanding(round_).exclude(round=round_).select_for_update(of=("self",)):
        if _fits(round_, job):
            busy.add(job.node_id)
        else:
            cause = f"{round_} has opened, and takes no update from as old a base, or in another codec."
            end_job(job, JobState.CANCELLED, code="too-stale", reason=cause)
    return busy


def end_unclaimed(round_: Round) -> list[Job]:
    """End the jobs of a window that nobody has begun, and return those that go on into the next one.

    All of them are locked for the rest of the transaction: see `round_for`.
    """
    going_on = []
    for job in outstanding(round_).select_for_update(of=("self",)):
        if job.attempt:
            going_on.append(job)
        else:
            end_job(job, JobState.CANCELLED, code="window-closed", reason="Nobody began it in its window.")
    return going_on


def _fits(round_: Round, job: Job) -> bool:
    """Tell whether what the job brings can be merged in the round."""
    written_alike = job.round.plan.get("codec") == round_.plan.get("codec")
    stale = staleness_in(round_, job) > round_.most_stale
    return round_.mode == Round.Mode.ASYNCHRONOUS and written_alike and not stale


def _round_over(own: Round) -> Conflict:
    return Conflict(f"{own} is {own.state}: it takes no updates any more.", code="round-over")
