"""Signs of life: they renew the lease, carry what people watch, and bring back what is wanted."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Final
from uuid import UUID

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
MAX_COUNT: Final = 2**53 - 1  # whole numbers that JSON carries exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was measured at one step; what the machine can not tell is None.

    Attributes:
        loss: mean cross-entropy, nats per token.
        tokens_per_second: speed since the reading before.
        tokens: seen since the first step. memory_bytes: most that was in use.
        gradient_norm: Euclidean, before clipping. joules: spent since the first step.
    """

    step: int
    loss: float
    tokens_per_second: float = 0.0
    tokens: int | None = None
    memory_bytes: int | None = None
    gradient_norm: float | None = None
    joules: float | None = None


class Wish(Enum):
    """What the coordinator wants of a worker that beats."""

    GO_ON = "go-on"
    PAUSE = "pause"
    CANCEL = "cancel"


@transaction.atomic
def heartbeat(
    node: Node,
    job_id: UUID,
    attempt: int,
    *,
    phase: str,
    step: int,
    steps: int,
    metrics: Sequence[Reading] = (),
    log: Sequence[str] = (),
) -> Wish:
    """Renew the lease of the attempt that holds the job; return what its worker should do.

    One conditional UPDATE decides, without a lock held while rows are written. Readings that came before
    are kept once. A job that was cancelled or paused answers so for ever, so that its worker ends quietly.

    Raises:
        NotFound: the job is another node's. Conflict: ``attempt-stale``. Invalid: ``heartbeat-malformed``.
    """
    _check(step, steps, metrics, log)
    held = Job.objects.filter(pk=job_id, node=node, state=JobState.RUNNING, attempt=attempt)
    said = {"lease_until": new_lease(), "phase": phase[:40].replace("\0", ""), "step": step, "steps": steps}
    wish = Wish.GO_ON
    if not held.filter(cancel_requested=False).update(**said):
        if not held.update(**said):
            return _stopped(node, job_id, attempt)
        wish = Wish.CANCEL
    JobMetric.objects.bulk_create(
        [JobMetric(job_id=job_id, attempt=attempt, **asdict(reading)) for reading in metrics],
        ignore_conflicts=True,
    )
    JobLogLine.objects.bulk_create(
        [JobLogLine(job_id=job_id, attempt=attempt, text=line[:MAX_LINE].replace("\0", "")) for line in log]
    )
    return wish


def _stopped(node: Node, job_id: UUID, attempt: int) -> Wish:
    now = Job.objects.filter(pk=job_id, node=node).first()
    if now is None:
        raise NotFound("There is no such job for this node.", code="job-not-found")
    if now.attempt == attempt and now.state == JobState.CANCELLED:
        return Wish.CANCEL
    if now.attempt == attempt and now.state == JobState.PAUSED:
        return Wish.PAUSE
    raise stale(now, attempt)


def _check(step: int, steps: int, metrics: Sequence[Reading], log: Sequence[str]) -> None:
    fields: dict[str, list[str]] = {}
    if not 0 <= step <= MAX_STEP or not 0 <= steps <= MAX_STEP:
        fields["step"] = [f"step and steps lie between 0 and {MAX_STEP}"]
    if len(metrics) > MAX_METRICS:
        fields["metrics"] = [f"at most {MAX_METRICS} readings at a time"]
    elif any(not _plausible(reading) for reading in metrics):
        fields["metrics"] = ["counts lie in range, losses and other figures are finite"]
    if len(log) > MAX_LINES:
        fields["log"] = [f"at most {MAX_LINES} lines at a time"]
    if fields:
        raise Invalid("This heartbeat can not be kept.", code="heartbeat-malformed", fields=fields)


def _plausible(reading: Reading) -> bool:
    counts = (reading.tokens, reading.memory_bytes)
    figures = (reading.loss, reading.tokens_per_second, reading.gradient_norm, reading.joules)
    return (
        0 <= reading.step <= MAX_STEP
        and all(count is None or 0 <= count <= MAX_COUNT for count in counts)
        and all(figure is None or math.isfinite(figure) for figure in figures)
    )
