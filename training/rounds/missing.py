"""Which nodes a round still waits for, and why each: from its job, its signs of life and its upload.

The words are public, so they hold none that a node wrote freely; those stay with its job (INF-7).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.timesince import timesince

from training.contributions.models import WeightsUpload
from training.contributions.states import ContributionState
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES, ENDED, JobState
from training.nodes.states import NodeState
from training.rounds.models import Round
from training.rounds.verdicts import Wait
from training.rounds.waits import WAITS

AWAY_AFTER: Final = timedelta(minutes=5)  # of silence; a node that works is heard every few seconds


@dataclass(frozen=True, slots=True)
class Missing:
    """A job that has not ended: a code of `WAITS`, and one clause for people that names the node."""

    job: Job
    code: str
    words: str


def missing_in(round_: Round) -> list[Missing]:
    """Return the nodes whose contribution to the round is still to come, each with its cause."""
    return causes_of(round_.jobs.filter(kind__in=CONTRIBUTES))


def causes_of(jobs: QuerySet[Job]) -> list[Missing]:
    """Return those of the jobs that have not ended, each with its cause, by their nodes' names."""
    still = jobs.exclude(state__in=ENDED).select_related("node__member", "contribution")
    coming = WeightsUpload.objects.filter(closed_at=None).annotate(here=Count("parts")).order_by("created_at")
    uploads = Prefetch("uploads", coming, to_attr="coming")
    return [cause_of(job) for job in still.prefetch_related(uploads).order_by("node__slug", "created_at")]


def cause_of(job: Job) -> Missing:
    """Find the first cause that keeps a job from its end; what its member can mend comes first.

    ``job`` as `causes_of` reads it, with its uploads under way in ``coming``.
    """
    code, words = _standing(job) or _sending(job) or _held(job) or _working(job)
    return Missing(job, code, f"{job.node.slug} {words}")


def await_all(missing: list[Missing], what: str) -> Wait:
    """Say what is waited for; the code is that of all the missing, if they share one."""
    codes = {each.code for each in missing}
    code = codes.pop() if len(codes) == 1 else "several-causes"
    return Wait(code, what.format(", ".join(each.words for each in missing)))


def _standing(job: Job) -> tuple[str, str] | None:
    node = job.node
    if node.state != NodeState.ACTIVE:
        return "node-not-active", f"is {node.state}"
    if job.state == JobState.PAUSED:
        return "job-paused", "has been paused by its member"
    heard = [at for at in (node.last_seen_at, job.dispatched_at) if at is not None]
    last = max(heard, default=job.created_at)
    if timezone.now() - last > AWAY_AFTER:
        return "node-away", f"has not been heard of for {timesince(last)}".replace("\xa0", " ")
    return None


def _sending(job: Job) -> tuple[str, str] | None:
    contribution = getattr(job, "contribution", None)
    if contribution is None or contribution.state != ContributionState.COMMITTED:
        return None
    coming = getattr(job, "coming", [])
    if not coming:
        return "bytes-missing", "has committed to an update and not sent it"
    upload = coming[-1]
    parts = -(-upload.bytes // upload.part_bytes)
    return "bytes-coming", f"has sent {upload.here} of {parts} parts of its update"


def _held(job: Job) -> tuple[str, str] | None:
    if job.held_code:
        code = job.held_code if job.held_code in WAITS else "held"
        return code, f"has not taken its job: {job.held_code}"
    if job.not_before is not None and job.not_before > timezone.now():
        return "backing-off", f"tries again at {job.not_before:%H:%M:%S} UTC, after {job.reason_code}"
    return None


def _working(job: Job) -> tuple[str, str]:
    if job.state != JobState.RUNNING:
        again = f", in attempt {job.attempt + 1}" if job.attempt else ""
        return "job-queued", f"has not taken its job yet{again}"
    if job.lease_until is not None and job.lease_until < timezone.now():
        return "lease-lost", f"took its job and has been silent since {job.lease_until:%H:%M:%S} UTC"
    where = f"step {job.step} of {job.steps}" if job.steps else "its first phase"
    return "job-running", f"is in {where}"
