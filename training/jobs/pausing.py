"""Pausing a job, and letting it go on: its member decides, on the site or on the node itself.

The round does not wait longer for it: its deadline stays, and a job that is paused then is a straggler.
"""

from typing import Final

from django.db import transaction

from provenance.actors import Actor, ActorKind
from provenance.errors import Conflict, NotPermitted
from provenance.states import swap_state
from training.jobs.claims import MAX_REASON, locked_job, stale
from training.jobs.dispatching import dispatch_job, record_job_event
from training.jobs.models import Job
from training.jobs.states import TRANSITIONS, JobState
from training.messages import advance_soon
from training.nodes.models import Node

PAUSED: Final = "paused"


@transaction.atomic
def pause_job(actor: Actor, job: Job, *, cause: str = "") -> Job:
    """Take a job from its worker, or out of the queue, until `resume_job`; once more changes nothing.

    A worker hears of it with its next heartbeat, keeps its own checkpoint and stops. The attempt does not
    count: nothing failed.

    Raises:
        NotPermitted: ``not-the-owner``. Conflict: ``job-not-pausable``: it ended, or was asked to stop.
    """
    _require_owner(actor, job)
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state == JobState.PAUSED:
        return job
    if job.ended or job.cancel_requested:
        raise Conflict(f"This job is {job.state}, so there is nothing to pause.", code="job-not-pausable")
    was_running = job.state == JobState.RUNNING
    swap_state(
        job,
        to=JobState.PAUSED,
        table=TRANSITIONS,
        lease_until=None,
        max_attempts=job.max_attempts + was_running,
        held_code="",
        held_reason="",
        reason_code=PAUSED,
        reason=cause[:MAX_REASON],
    )
    details = {"cause": cause} if cause else {}
    record_job_event(job, "job.paused", actor=actor, reason_codes=[PAUSED], details=details)
    advance_soon(job.round_id)
    return job


@transaction.atomic
def pause_attempt(node: Node, job: Job, attempt: int, *, cause: str = "") -> Job:
    """Pause a job on the word of its own node, which names the attempt that it means (0: never claimed).

    Raises:
        NotFound: the job is another node's. Conflict: ``attempt-stale``; see `pause_job`.
    """
    job = locked_job(node, job)
    if job.attempt != attempt:
        raise stale(job, attempt)
    return pause_job(node.actor, job, cause=cause)


@transaction.atomic
def resume_job(actor: Actor, job: Job) -> Job:
    """Put a paused job back into the queue, for its next attempt; one that is not paused stays as it is.

    Raises:
        NotPermitted: ``not-the-owner``. Conflict: ``job-ended``.
    """
    _require_owner(actor, job)
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.ended:
        raise Conflict(f"This job has {job.state} already.", code="job-ended")
    if job.state != JobState.PAUSED:
        return job
    swap_state(
        job, to=JobState.QUEUED, table=TRANSITIONS, expected=(JobState.PAUSED,), reason_code="", reason=""
    )
    record_job_event(job, "job.resumed", actor=actor)
    advance_soon(job.round_id)
    return dispatch_job(job)


def _require_owner(actor: Actor, job: Job) -> None:
    """Return for the job's own node and for maintainers of its member; nobody else stops a member's work."""
    is_node = actor.kind is ActorKind.NODE and actor.key == job.node_id
    if not is_node and not actor.has_role("maintainer", member=job.node.member.slug):
        raise NotPermitted(
            f"Only a maintainer of {job.node.member.slug} pauses a job on its node.",
            code="not-the-owner",
            requirement="INV-7",
        )
