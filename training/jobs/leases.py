"""For how long a node may be silent. Settings with the same names, in seconds, override these."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

_LEASE_SECONDS: Final = 20
_RESEND_SECONDS: Final = 15


def lease_seconds() -> int:
    """Return how long a job stays its worker's after the last sign of life (``JOB_LEASE_SECONDS``)."""
    return int(getattr(settings, "JOB_LEASE_SECONDS", _LEASE_SECONDS))


def new_lease() -> datetime:
    """Return the end of a lease that begins now."""
    return timezone.now() + timedelta(seconds=lease_seconds())


def resend_before() -> datetime:
    """Return the time before which a message that led to no claim counts as lost (``JOB_RESEND_SECONDS``)."""
    return timezone.now() - timedelta(seconds=int(getattr(settings, "JOB_RESEND_SECONDS", _RESEND_SECONDS)))
