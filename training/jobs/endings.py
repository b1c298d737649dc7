"""The ends of a job other than success: it failed, or somebody called it off."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, NotPermitted
from provenance.events.models import Outcome
from provenance.states import swap_state
from training.contributions.withdrawing import withdraw_commitment
from training.jobs.back_off import rest_after
from training.jobs.claims import MAX_REASON, held_job
from training.jobs.dispatching import dispatch_job, record_job_event
from training.jobs.models import MAX_FAILURES, Job
from training.jobs.states import ENDED, TRANSITIONS, JobState
from training.messages import advance_soon
from training.nodes.models import Node
from training.rounds.models import Round


@transaction.atomic
def fail_job(node: Node, job: Job, attempt: int, *, code: str, detail: str, retry: bool) -> Job:
    """Note that the attempt failed on the node; one worth another try goes back to the queue, for a while.

    A worker that stopped because it was asked to ends as cancelled, whatever it reports.

    Raises:
        NotFound: the job is another node's. Conflict: ``attempt-stale``.
    """
    job = held_job(node, job, attempt)
    if job.cancel_requested:
        return end_job(job, JobState.CANCELLED, code="cancelled", reason=detail, actor=node.actor)
    if retry and job.attempt < job.max_attempts:
        rest = rest_after(failures_of(job))
        return queue_again(job, code=code, reason=detail, actor=node.actor, rest=rest)
    return end_job(job, JobState.FAILED, code=code, reason=detail, actor=node.actor)


@transaction.atomic
def cancel_job(actor: Actor, job: Job, *, code: str = "cancelled", cause: str = "") -> Job:
    """Call a job off: at once where no worker holds it, else with the next heartbeat or the end of its lease.

    The node's own member may take its machine out at any time; the coordinator does so for a round that ends.
    Nobody else: leaving one member out is a decision about its contribution.

    Raises:
        NotPermitted: ``not-the-owner``. Conflict: ``job-ended``.
    """
    if actor != COORDINATOR and not actor.has_role("maintainer", member=job.node.member.slug):
        raise NotPermitted(
            f"Only a maintainer of {job.node.member.slug} cancels a job on its node.",
            code="not-the-owner",
            requirement="INV-7",
        )
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state in ENDED:
        raise Conflict(f"This job has {job.state} already.", code="job-ended")
    if job.state != JobState.RUNNING:
        return end_job(job, JobState.CANCELLED, code=code, reason=cause, actor=actor)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True, reason_code=code, reason=cause[:MAX_REASON])
    record_job_event(job, "job.cancel-requested", actor=actor, reason_codes=[code])
    job.refresh_from_db()
    return job


def call_off_jobs(round_: Round, *, code: str, cause: str) -> list[Job]:
    """Cancel every job of a round that has not ended, workers or not, and return them.

    Their rows are locked first: a contribution that arrives in this moment is either in, or late. A worker
    hears of it with its next heartbeat.
    """
    open_jobs = round_.jobs.exclude(state__in=ENDED).select_related("node").select_for_update(of=("self",))
    return [end_job(job, JobState.CANCELLED, code=code, reason=cause) for job in open_jobs.order_by("pk")]


def end_job(job: Job, to: JobState, *, code: str, reason: str, actor: Actor = COORDINATOR) -> Job:
    """Move a job to a state that ends it, with its cause, and wake the conductor. The caller locks it."""
    swap_state(
        job,
        to=to,
        table=TRANSITIONS,
        lease_until=None,
        finished_at=timezone.now(),
        reason_code=code,
        reason=reason[:MAX_REASON],
    )
    withdraw_commitment(job)
    outcome = Outcome.FAILED if to == JobState.FAILED else Outcome.DONE
    details = {"reason": reason} if reason else {}
    record_job_event(job, f"job.{to}", actor=actor, outcome=outcome, reason_codes=[code], details=details)
    advance_soon(job.round_id)
    return job


def succeed_job(job: Job) -> Job:
    """End a job whose result is being kept in this transaction. The caller locks it and tells the log."""
    swap_state(
        job,
        to=JobState.SUCCEEDED,
        table=TRANSITIONS,
        expected=(JobState.RUNNING,),
        finished_at=timezone.now(),
        lease_until=None,
        phase="",
        reason_code="",
        reason="",
    )
    advance_soon(job.round_id)
    return job


def queue_again(
    job: Job,
    *,
    code: str,
    reason: str,
    actor: Actor = COORDINATOR,
    rest: timedelta | None = None,
) -> Job:
    """Put a running job back, for the next attempt, and send its message. The caller holds the row.

    With a ``rest`` nobody may claim it before that time is over. Without one nothing failed that the job or
    its node could help (a lost lease, a suspension): the attempt is given back, so that a slow link or a week
    away never uses them up.
    """
    swap_state(
        job,
        to=JobState.QUEUED,
        table=TRANSITIONS,
        expected=(JobState.RUNNING,),
        lease_until=None,
        not_before=timezone.now() + rest if rest else None,
        max_attempts=job.max_attempts + (rest is None),
        reason_code=code,
        reason=reason[:MAX_REASON],
    )
    details = {"notBefore": job.not_before.isoformat()} if job.not_before else {}
    record_job_event(
        job, "job.requeued", actor=actor, outcome=Outcome.FAILED, reason_codes=[code], details=details
    )
    return dispatch_job(job)


def failures_of(job: Job) -> int:
    """Return how many attempts failed with the present one: those that were not given back."""
    return job.attempt - (job.max_attempts - MAX_FAILURES)
