"""How a node takes a job or declines it. Exactly one worker holds a job at a time (INV-8)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from provenance.errors import Conflict, Invalid, NotFound
from provenance.events.models import Outcome
from provenance.states import swap_state
from training.contributions.withdrawing import withdraw_commitment
from training.jobs.dispatching import record_job_event
from training.jobs.leases import lease_seconds, new_lease
from training.jobs.models import Job
from training.jobs.sealing import open_countersigned
from training.jobs.states import CLAIMABLE, TRANSITIONS, JobState
from training.messages import advance_soon
from training.nodes.models import Node
from training.nodes.states import NodeState

MAX_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim gives: the number of this attempt, and seconds until its lease ends without heartbeat."""

    attempt: int
    lease_seconds: int


class NotYet(Conflict):
    """The job rests after a failure; ``extensions`` and ``headers`` say until when."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"This job rests after a failure, until {until:%Y-%m-%d %H:%M:%S} UTC.", code="job-not-yet"
        )
        self.extensions = {"not_before": until.isoformat()}
        self.headers = {"Retry-After": str(max(1, math.ceil((until - timezone.now()).total_seconds())))}


@transaction.atomic
def claim_job(node: Node, job: Job, envelope: Mapping[str, Any]) -> Claim:
    """Give the job to the caller, who proves with a countersignature that the node accepts its manifest.

    A claim of a job whose lease ran out opens the next attempt; whatever the earlier one still sends is
    stale, except a signed commitment: its bytes may come from any attempt that holds the job.

    Raises:
        NotFound: the job is another node's. Invalid: ``countersignature-invalid``.
        Conflict: ``job-not-claimable``, when another worker holds it, it ended, or its attempts are used up;
            ``job-not-yet`` while it rests after a failure; ``node-not-active``.
    """
    job = locked_job(node, job)
    open_countersigned(job, envelope)
    _check_claimable(job)
    swap_state(
        job,
        to=JobState.RUNNING,
        table=TRANSITIONS,
        expected=(*CLAIMABLE, JobState.RUNNING),
        attempt=job.attempt + 1,
        lease_until=new_lease(),
        started_at=timezone.now(),
        not_before=None,
        held_code="",
        held_reason="",
        phase="claimed",
        step=0,
        reason_code="",
        reason="",
    )
    record_job_event(job, "job.claimed", actor=node.actor)
    advance_soon(job.round_id)
    return Claim(job.attempt, lease_seconds())


@transaction.atomic
def refuse_job(node: Node, job: Job, *, code: str, detail: str) -> Job:
    """End the job because the node's own policy said no; the coordinator records the refusal and obeys.

    Raises:
        NotFound: the job is another node's. Conflict: ``state-changed``, when it ended already.
    """
    job = locked_job(node, job)
    swap_state(
        job,
        to=JobState.REFUSED,
        table=TRANSITIONS,
        finished_at=timezone.now(),
        lease_until=None,
        reason_code=code,
        reason=detail[:MAX_REASON],
    )
    withdraw_commitment(job)
    record_job_event(
        job,
        "job.refused",
        actor=node.actor,
        outcome=Outcome.DENIED,
        reason_codes=[code],
        details={"detail": detail},
    )
    advance_soon(job.round_id)
    return job


def _check_claimable(job: Job) -> None:
    now = timezone.now()
    expired = job.state == JobState.RUNNING and job.lease_until is not None and job.lease_until < now
    if job.cancel_requested or not (job.state in CLAIMABLE or expired) or job.attempt >= job.max_attempts:
        raise Conflict(
            f"This job is {job.state}, in attempt {job.attempt} of {job.max_attempts}.",
            code="job-not-claimable",
            requirement="INV-8",
            remedy="Another worker may hold it; ask again later.",
        )
    if job.not_before is not None and job.not_before > now:
        raise NotYet(job.not_before)
    # Asked after the row was locked: whoever suspended the node meanwhile has seen this claim, or is seen.
    if not Node.objects.filter(pk=job.node_id, state=NodeState.ACTIVE).exists():
        raise Conflict("This node may not work now.", code="node-not-active")


def locked_job(node: Node, job: Job) -> Job:
    """Return the job, locked for the rest of the transaction.

    Raises:
        NotFound: it is another node's, which looks the same as no job at all (INV-6).
    """
    found = Job.objects.select_for_update(of=("self",)).filter(pk=job.pk, node=node).first()
    if found is None:
        raise NotFound("There is no such job for this node.", code="job-not-found")
    return found


def held_job(node: Node, job: Job, attempt: int) -> Job:
    """Return the locked job if ``attempt`` is the one that runs it, in words of `locked_job`.

    Raises:
        NotFound: the job is another node's. Invalid: ``attempt-malformed``.
        Conflict: ``attempt-stale``, when the job ended or a later attempt took over.
    """
    if attempt < 1:
        raise Invalid("An attempt is a number from 1.", code="attempt-malformed")
    job = locked_job(node, job)
    if job.state != JobState.RUNNING or job.attempt != attempt:
        raise stale(job, attempt)
    return job


def stale(job: Job, attempt: int) -> Conflict:
    """Return the refusal for a worker that no longer holds the job."""
    return Conflict(
        f"Attempt {attempt} does not hold this job: it is {job.state}, in attempt {job.attempt}.",
        code="attempt-stale",
        requirement="INV-8",
        remedy="Stop this attempt and drop its result.",
    )
