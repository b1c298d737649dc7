"""For how long a node may be silent. Settings with the same names, in seconds, override these."""

import math
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from training.jobs.models import Job
from training.jobs.pace import call_seconds

_LEASE_SECONDS: Final = 20
_RESEND_SECONDS: Final = 15
_RESEND_SLOWEST: Final = timedelta(minutes=2)
_BEATS: Final = 4  # in a lease; as spread as `pace.next_call` gives them, still more than three


def lease_seconds() -> int:
    """Return how long a job stays its worker's after the last sign of life (at least ``JOB_LEASE_SECONDS``).

    The more nodes there are, the fewer beats are asked of each, and the longer a lease has to hold.
    """
    least = int(getattr(settings, "JOB_LEASE_SECONDS", _LEASE_SECONDS))
    return max(least, math.ceil(_BEATS * call_seconds()))


def new_lease() -> datetime:
    """Return the end of a lease that begins now."""
    return timezone.now() + timedelta(seconds=lease_seconds())


def resend_before() -> datetime:
    """Return the time before which a message that led to no claim counts as lost (``JOB_RESEND_SECONDS``)."""
    return timezone.now() - _resend_after()


def resend_due(job: Job) -> bool:
    """Tell whether to send a job's message once more: sooner at first, every two minutes in the end.

    A node that is away for a week finds a few thousand messages fewer; one that holds the job has heard it.
    """
    if job.dispatched_at is None:
        return True
    waited = job.dispatched_at - max(job.created_at, job.started_at or job.created_at)
    pause = _RESEND_SLOWEST if job.held_code else min(max(waited / 2, _resend_after()), _RESEND_SLOWEST)
    return timezone.now() - job.dispatched_at > pause


def _resend_after() -> timedelta:
    return timedelta(seconds=int(getattr(settings, "JOB_RESEND_SECONDS", _RESEND_SECONDS)))
