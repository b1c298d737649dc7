"""What becomes of a node's jobs when its standing changes: stopped, let go on, or ended for good."""

from django.db.models import QuerySet

from provenance.actors import Actor
from training.jobs.claims import MAX_REASON
from training.jobs.dispatching import dispatch_job
from training.jobs.endings import end_job, queue_again
from training.jobs.models import Job
from training.jobs.states import CLAIMABLE, ENDED, JobState
from training.nodes.models import Node

SUSPENDED = "node-suspended"
REVOKED = "node-revoked"


def stop_jobs(node: Node, *, actor: Actor, cause: str = "") -> None:
    """End the leases of a node that was suspended; its jobs wait until their deadline.

    Runs in the transaction that suspends the node, after the node's row was moved.
    """
    reason = f"The node was suspended: {cause}" if cause else "The node was suspended."
    for job in _open_jobs(node):
        if job.state == JobState.RUNNING and not job.cancel_requested:
            queue_again(job, code=SUSPENDED, reason=reason, actor=actor)
        elif job.state == JobState.RUNNING:
            end_job(job, JobState.CANCELLED, code=job.reason_code, reason=job.reason, actor=actor)
        elif job.state in CLAIMABLE:
            Job.objects.filter(pk=job.pk).update(reason_code=SUSPENDED, reason=reason[:MAX_REASON])


def release_jobs(node: Node) -> None:
    """Send the jobs of a node that was reinstated: what its round still wants goes on."""
    waiting = _open_jobs(node).filter(reason_code=SUSPENDED)
    for job in waiting:
        Job.objects.filter(pk=job.pk).update(reason_code="", reason="")
        if job.state == JobState.QUEUED:
            dispatch_job(job)


def fail_jobs(node: Node, *, actor: Actor) -> None:
    """End every job of a node that was revoked: it will never come back."""
    for job in _open_jobs(node):
        end_job(job, JobState.FAILED, code=REVOKED, reason="The node was removed for good.", actor=actor)


def _open_jobs(node: Node) -> QuerySet[Job]:
    """Return the jobs that have not ended, locked, in one order for everybody."""
    jobs = node.jobs.exclude(state__in=ENDED).select_related("node__member")
    return jobs.select_for_update(of=("self",)).order_by("pk")
