"""Signs of life: they renew the lease, carry what people watch, and bring back a wish to cancel."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from provenance.errors import Invalid, NotFound
from training.jobs.claims import stale
from training.jobs.leases import new_lease
from training.jobs.models import Job, JobLogLine, JobMetric
from training.jobs.states import JobState
from training.nodes.models import Node

MAX_METRICS: Final = 500
MAX_LINES: Final = 100
MAX_LINE: Final = 500
MAX_STEP: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Mean cross-entropy of one step in nats per token, and the speed in tokens per second."""

    step: int
    loss: float
    tokens_per_second: float = 0.0


@transaction.atomic
def heartbeat(
    node: Node,
    job: Job,
    attempt: int,
    *,
    phase: str,
    step: int,
    steps: int,
    metrics: Sequence[Reading] = (),
    log: Sequence[str] = (),
) -> bool:
    """Renew the lease of the attempt that holds the job; return whether it should stop.

    One conditional UPDATE decides, without a lock held while rows are written. Readings that came before
    are kept once. A job that was cancelled answers True for ever, so that its worker ends quietly.

    Raises:
        NotFound: the job is another node's. Conflict: ``attempt-stale``. Invalid: ``heartbeat-malformed``.
    """
    _check(step, steps, metrics, log)
    held = Job.objects.filter(pk=job.pk, node=node, state=JobState.RUNNING, attempt=attempt)
    if not held.update(lease_until=new_lease(), phase=phase[:40], step=step, steps=steps):
        return _stopped(node, job, attempt)
    JobMetric.objects.bulk_create(
        [
            JobMetric(
                job=job, attempt=attempt, step=m.step, loss=m.loss, tokens_per_second=m.tokens_per_second
            )
            for m in metrics
        ],
        ignore_conflicts=True,
    )
    JobLogLine.objects.bulk_create(
        [JobLogLine(job=job, attempt=attempt, text=line[:MAX_LINE].replace("\0", "")) for line in log]
    )
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def _stopped(node: Node, job: Job, attempt: int) -> bool:
    now = Job.objects.filter(pk=job.pk, node=node).first()
    if now is None:
        raise NotFound("There is no such job for this node.", code="job-not-found")
    if now.state == JobState.CANCELLED and now.attempt == attempt:
        return True
    raise stale(now, attempt)


def _check(step: int, steps: int, metrics: Sequence[Reading], log: Sequence[str]) -> None:
    fields: dict[str, list[str]] = {}
    if not 0 <= step <= MAX_STEP or not 0 <= steps <= MAX_STEP:
        fields["step"] = [f"step and steps lie between 0 and {MAX_STEP}"]
    if len(metrics) > MAX_METRICS:
        fields["metrics"] = [f"at most {MAX_METRICS} readings at a time"]
    elif any(not _plausible(reading) for reading in metrics):
        fields["metrics"] = ["steps lie in range, losses and speeds are finite"]
    if len(log) > MAX_LINES:
        fields["log"] = [f"at most {MAX_LINES} lines at a time"]
    if fields:
        raise Invalid("This heartbeat can not be kept.", code="heartbeat-malformed", fields=fields)


def _plausible(reading: Reading) -> bool:
    return (
        0 <= reading.step <= MAX_STEP
        and math.isfinite(reading.loss)
        and math.isfinite(reading.tokens_per_second)
    )
