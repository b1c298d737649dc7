"""What brings back a job whose worker or message died (INV-8). Each turn finds its work in the database."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from training.jobs.dispatching import dispatch_job, send_again
from training.jobs.endings import end_job, queue_again
from training.jobs.leases import lease_seconds, resend_before, resend_due
from training.jobs.models import Job
from training.jobs.states import CLAIMABLE, JobState
from training.nodes.models import Node
from training.nodes.states import NodeState

MOST_ATTEMPTS: Final = 500  # a job that takes its node down each time has to end some day


def reap() -> int:
    """Look once at every job that stands still; return how many were moved or sent again.

    Jobs of a suspended node wait: it may be reinstated, and their round has a deadline.
    """
    now = timezone.now()
    expired = Q(state=JobState.RUNNING, lease_until__lt=now)
    orphaned = Q(state__in=CLAIMABLE, node__state=NodeState.REVOKED)
    silent = Q(dispatched_at__lt=resend_before()) | Q(
        dispatched_at__isnull=True, created_at__lt=resend_before()
    )
    rested = Q(state=JobState.QUEUED, not_before__lte=now)
    unheard = Q(
        rested | (silent & (Q(state=JobState.DISPATCHED) | Q(not_before__isnull=True))),
        state__in=CLAIMABLE,
        node__form=Node.Form.ATTACHED,
        node__state=NodeState.ACTIVE,
    )
    due = Job.objects.filter(expired | orphaned | unheard).values_list("pk", flat=True)
    return sum(_reap_one(pk) for pk in due)


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
    if job.node.state == NodeState.REVOKED:
        end_job(job, JobState.FAILED, code="node-revoked", reason="The node was removed for good.")
    elif job.state == JobState.QUEUED:
        dispatch_job(job)
    elif resend_due(job):
        send_again(job)
    else:
        return 0
    return 1


def _reap_expired(job: Job) -> int:
    if job.lease_until is None or job.lease_until >= timezone.now():
        return 0
    silent = f"Nothing was heard of attempt {job.attempt} for {lease_seconds()} seconds."
    if job.cancel_requested:
        end_job(job, JobState.CANCELLED, code=job.reason_code or "cancelled", reason=job.reason)
    elif job.attempt >= MOST_ATTEMPTS:
        end_job(job, JobState.FAILED, code="lease-expired", reason=silent)
    else:
        queue_again(job, code="lease-expired", reason=silent)
    return 1
