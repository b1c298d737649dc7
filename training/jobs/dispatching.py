"""How a job reaches its node: a message for an attached one; a sovereign one asks for itself."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from provenance.actors import COORDINATOR, Actor
from provenance.events.models import Outcome
from provenance.events.services import Evidence, record_event
from provenance.states import swap_state
from training.jobs.models import Job
from training.jobs.states import CLAIMABLE, TRANSITIONS, JobState
from training.messages import send_after_commit
from training.nodes.models import Node
from training.nodes.states import NodeState

RUN_JOB: Final = "training.node.run_job"


@transaction.atomic
def dispatch_job(job: Job) -> Job:
    """Send an attached node the job's id; a job of a sovereign node stays queued until it is polled.

    One that rests after a failure is sent by the reaper when its time has come; one of a node that may not
    work, when it may again.

    Raises:
        Conflict: ``state-changed``, when the job is no longer queued.
    """
    rests = job.not_before is not None and job.not_before > timezone.now()
    if rests or job.node.form != Node.Form.ATTACHED or job.node.state != NodeState.ACTIVE:
        return job
    swap_state(
        job,
        to=JobState.DISPATCHED,
        table=TRANSITIONS,
        expected=(JobState.QUEUED,),
        dispatched_at=timezone.now(),
    )
    send_after_commit(RUN_JOB, str(job.pk), queue=job.node.queue)
    record_job_event(job, "job.dispatched")
    return job


@transaction.atomic
def send_again(job: Job) -> None:
    """Send the id once more where the first message led to no claim; a node that gets both claims once."""
    if not Job.objects.filter(pk=job.pk, state=JobState.DISPATCHED).update(dispatched_at=timezone.now()):
        return
    send_after_commit(RUN_JOB, str(job.pk), queue=job.node.queue)
    record_job_event(job, "job.sent-again", reason_codes=["message-lost"])


def waiting_jobs(node: Node) -> QuerySet[Job]:
    """Return the jobs that wait for ``node``, the oldest first; one may rest until its ``not_before``."""
    return Job.objects.filter(node=node, state__in=CLAIMABLE)


def record_job_event(
    job: Job,
    action: str,
    *,
    actor: Actor = COORDINATOR,
    outcome: Outcome = Outcome.DONE,
    reason_codes: list[str] | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Append one event about a job: which attempt, on which node, in which place, under which manifest."""
    record_event(
        actor=actor,
        action=action,
        subject=f"job:{job.pk}",
        outcome=outcome,
        reason_codes=reason_codes or [],
        evidence=Evidence(
            artifact=job.manifest_digest,
            job=job.pk,
            place=job.node.jurisdiction,
            purpose=job.kind,
            details={"node": job.node.slug, "attempt": job.attempt, **(details or {})},
        ),
    )
