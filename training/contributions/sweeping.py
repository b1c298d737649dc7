"""Uploads that nobody will finish, and what dead processes left in the store's staging."""

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from provenance.blobs import get_store
from training.contributions.models import WeightsUpload
from training.jobs.states import ENDED

KEPT: Final = timedelta(days=7)


def sweep_uploads() -> int:
    """Give up uploads of ended jobs, and those older than a week; return how many.

    The database goes first: a handle without its row is swept by its age.
    """
    old = timezone.now() - KEPT
    staging = get_store().staging
    gone = 0
    for upload in WeightsUpload.objects.filter(Q(job__state__in=ENDED) | Q(created_at__lt=old)):
        upload.delete()
        if upload.closed_at is None:
            staging.discard(upload.handle)
            gone += 1
    return gone + staging.sweep(old)
