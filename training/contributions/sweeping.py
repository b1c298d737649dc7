"""Uploads that nobody will finish, and what dead processes left in the store's staging."""

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from provenance.blobs import get_store
from training.contributions.models import WeightsUpload
from training.jobs.states import ENDED
from training.retention.models import Recall

KEPT: Final = timedelta(days=7)


def sweep_uploads() -> int:
    """Give up uploads of ended jobs, and those older than a week; return how many.

    What a replay asked back is on its way long after its job ended, and may be.

    The database goes first: a handle without its row is swept by its age.
    """
    old = timezone.now() - KEPT
    staging = get_store().staging
    gone = 0
    asked_back = Exists(Recall.objects.filter(contribution__job=OuterRef("job"), answered_at=None))
    over = Q(job__state__in=ENDED) & (~asked_back | Q(closed_at__isnull=False))
    for upload in WeightsUpload.objects.filter(over | Q(created_at__lt=old)):
        upload.delete()
        if upload.closed_at is None:
            staging.discard(upload.handle)
            gone += 1
    return gone + staging.sweep(old)
