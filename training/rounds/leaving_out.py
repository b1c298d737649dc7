"""Going on without a node: its job ends, and where it stood goes to the log. Never in silence."""

from collections.abc import Iterable
from typing import Final

from provenance.events.models import Outcome
from training.jobs.endings import end_job
from training.jobs.models import Job
from training.jobs.states import ENDED, JobState
from training.rounds.missing import Missing
from training.rounds.models import Round
from training.rounds.record import record_round_event

AT_DEADLINE: Final = "deadline-passed"
BY_VOTE: Final = "left-out-by-vote"
_CAUSES: Final = {
    AT_DEADLINE: "The round's deadline has passed.",
    BY_VOTE: "The members voted to go on without this node.",
}


def leave_out(round_: Round, missing: Iterable[Missing], *, code: str) -> None:
    """End the jobs that are missing, for `AT_DEADLINE` or `BY_VOTE`, and say where each stood.

    Their rows are locked first: a contribution that arrives in this moment is either in, or late.
    """
    stood = {each.job.pk: each for each in missing}
    rows = Job.objects.filter(pk__in=stood).select_related("node").order_by("pk")
    for job in rows.exclude(state__in=ENDED).select_for_update(of=("self",)):
        cause = stood[job.pk]
        end_job(job, JobState.CANCELLED, code=code, reason=_CAUSES[code])
        record_round_event(
            round_,
            "round.straggler",
            outcome=Outcome.FAILED,
            reason_codes=[code, cause.code],
            details={"node": job.node.slug, "job": str(job.pk), "cause": cause.words},
        )


def describe_end(job: Job) -> str:
    """Say how a job ended, in words for people."""
    return f"{job.node.slug}: {job.get_state_display()}{f' ({job.reason_code})' if job.reason_code else ''}"
