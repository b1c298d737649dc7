"""Collecting: until each node has contributed or ended, or the deadline passed, with the cause on record."""

from django.utils import timezone

from provenance.events.models import Outcome
from training.contributions.models import Contribution
from training.jobs.endings import call_off_jobs
from training.jobs.models import Job
from training.jobs.states import ENDED, JobKind, JobState
from training.rounds.models import Round
from training.rounds.record import record_round_event
from training.rounds.states import RoundState
from training.rounds.verdicts import Abandon, Go, Verdict, Wait

LEFT_OUT = "deadline-passed"


def collect(round_: Round) -> Verdict:
    """Wait for the training jobs; at the deadline go on without stragglers, each with a cause in the log."""
    jobs = list(round_.jobs.filter(kind=JobKind.CONTRIBUTED_CPT).select_related("node"))
    still = [job for job in jobs if job.state not in ENDED]
    if still and timezone.now() < round_.deadline:
        names = ", ".join(f"{job.node.slug} ({job.get_state_display()})" for job in still)
        return Wait(f"Contributions of {names}, until {round_.deadline:%Y-%m-%d %H:%M:%S} UTC.")
    if still:
        leave_out(round_, still)
    received = Contribution.objects.filter(round=round_).count()
    if received < round_.minimum_contributions:
        missing = "; ".join(describe_end(job) for job in round_.jobs.exclude(state=JobState.SUCCEEDED))
        return Abandon(
            "too-few-contributions",
            f"{received} contributions came in, {round_.minimum_contributions} are needed. {missing}",
        )
    return Go(RoundState.EVALUATING)


def leave_out(round_: Round, still: list[Job]) -> None:
    """Call off what has not ended, and say where each stood (a bounded wait with a logged cause)."""
    stood = {job.pk: describe_straggler(job) for job in still}
    for job in call_off_jobs(round_, code=LEFT_OUT, cause="The round's deadline has passed."):
        record_round_event(
            round_,
            "round.straggler",
            outcome=Outcome.FAILED,
            reason_codes=[LEFT_OUT],
            details={"node": job.node.slug, "job": str(job.pk), "cause": stood.get(job.pk, "")},
        )


def describe_straggler(job: Job) -> str:
    """Say where a job that has not ended stands, in words for people."""
    if job.state == JobState.RUNNING:
        return f"{job.node.slug} was in {job.phase or 'its first phase'}, step {job.step} of {job.steps}"
    why = f", after: {job.reason}" if job.reason else ""
    return f"{job.node.slug} never took attempt {job.attempt + 1} of its job{why}"


def describe_end(job: Job) -> str:
    """Say how a job ended, in words for people."""
    return f"{job.node.slug}: {job.get_state_display()}{f' ({job.reason_code})' if job.reason_code else ''}"
