"""Why a job stands still, as pages show it: a state, its explanation, and a moment from which or until when.

The causes are those of `training.rounds.missing`, read here for all jobs of a round at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from training.contributions.models import Contribution, WeightsUpload
from training.contributions.states import ContributionState
from training.jobs.models import Job
from training.jobs.states import JobState
from training.nodes.states import NodeState
from training.rounds.missing import AWAY_AFTER
from training.rounds.waits import WAITS


@dataclass(frozen=True, slots=True)
class Parts:
    """How much of an update has arrived."""

    here: int
    all: int


@dataclass(frozen=True, slots=True)
class Condition:
    """``state`` for a status tag; ``since`` or ``until`` where there is such a moment."""

    state: str
    words: str | Promise
    since: datetime | None = None
    until: datetime | None = None


def parts_of(jobs: Iterable[Job]) -> dict[UUID, Parts]:
    """Return how much of each job's update has arrived, in one query; the others are absent."""
    uploads = WeightsUpload.objects.filter(job__in=[job.pk for job in jobs], closed_at=None)
    counted = uploads.annotate(here=Count("parts")).order_by("created_at")
    return {each.job_id: Parts(each.here, -(-each.bytes // each.part_bytes)) for each in counted}


def condition_of(job: Job, contribution: Contribution | None, parts: Parts | None) -> Condition | None:
    """Return why the job stands still; None for one that works, or has ended."""
    if job.ended:
        return None
    return _standing(job) or _sending(contribution, parts) or _held(job) or _silent(job)


def _standing(job: Job) -> Condition | None:
    if job.node.state != NodeState.ACTIVE:
        return Condition(job.node.state, WAITS["node-not-active"])
    if job.state == JobState.PAUSED:
        return Condition("paused", WAITS["job-paused"])
    heard = [at for at in (job.node.last_seen_at, job.dispatched_at) if at is not None]
    last = max(heard, default=job.created_at)
    if timezone.now() - last > AWAY_AFTER:
        return Condition("away", WAITS["node-away"], since=last)
    return None


def _sending(contribution: Contribution | None, parts: Parts | None) -> Condition | None:
    if contribution is None or contribution.state != ContributionState.COMMITTED:
        return None
    if parts is None:
        return Condition("committed", WAITS["bytes-missing"], since=contribution.committed_at)
    said = _("%(here)s of %(all)s parts of its update are here.") % {"here": parts.here, "all": parts.all}
    return Condition("uploading", said, since=contribution.committed_at)


def _held(job: Job) -> Condition | None:
    if job.held_code:
        return Condition("held", WAITS.get(job.held_code, WAITS["held"]))
    if job.not_before is not None and job.not_before > timezone.now():
        return Condition("resting", WAITS["backing-off"], until=job.not_before)
    return None


def _silent(job: Job) -> Condition | None:
    if job.state != JobState.RUNNING:
        return Condition(job.state, WAITS["job-queued"])
    if job.lease_until is not None and job.lease_until < timezone.now():
        return Condition("away", WAITS["lease-lost"], since=job.lease_until)
    return None
