"""What brings back a job whose worker or message died (INV-8). Each turn finds its work in the database."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from training.jobs.dispatching import dispatch_job, send_again
from training.jobs.endings import end_job, queue_again
from training.jobs.leases import lease_seconds, resend_before
from training.jobs.models import Job
from training.jobs.states import CLAIMABLE, JobState
from training.nodes.models import Node
from training.nodes.states import NodeState


def reap() -> int:
    """Look once at every job that stands still; return how many were moved or sent again."""
    now = timezone.now()
    expired = Q(state=JobState.RUNNING, lease_until__lt=now)
    orphaned = Q(state__in=CLAIMABLE) & ~Q(node__state=NodeState.ACTIVE)
    unheard = Q(state__in=CLAIMABLE, node__form=Node.Form.ATTACHED) & (
        Q(dispatched_at__lt=resend_before()) | Q(dispatched_at__isnull=True, created_at__lt=resend_before())
    )
    return sum(
        _reap_one(pk) for pk in Job.objects.filter(expired | orphaned | unheard).values_list("pk", flat=True)
    )


@transaction.atomic
def _reap_one(pk: UUID) -> int:
    # Whoever holds the row just now is handling it; the next turn sees what came of it.
    job = Job.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if job is None:
        return 0
    if job.state == JobState.RUNNING:
        return _reap_expired(job)
    if job.state not in CLAIMABLE:
        return 0
    if job.node.state != NodeState.ACTIVE:
        end_job(job, JobState.FAILED, code="node-not-active", reason=f"The node is {job.node.state}.")
    elif job.state == JobState.QUEUED:
        dispatch_job(job)
    else:
        send_again(job)
    return 1


def _reap_expired(job: Job) -> int:
    if job.lease_until is None or job.lease_until >= timezone.now():
        return 0
    silent = f"Nothing was heard of attempt {job.attempt} for {lease_seconds()} seconds."
    if job.cancel_requested:
        end_job(job, JobState.CANCELLED, code=job.reason_code or "cancelled", reason=job.reason)
    elif job.attempt >= job.max_attempts:
        end_job(job, JobState.FAILED, code="lease-expired", reason=silent)
    else:
        queue_again(job, code="lease-expired", reason=silent)
    return 1
