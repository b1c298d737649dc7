"""Finding uploads again, and forgetting them with all that they brought."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog.datasets.models import STORABLE
from catalog.proposals.access import lock_for_editing
from catalog.proposals.models import Proposal
from catalog.uploads.models import Upload
from catalog.uploads.parts import addresses_of, forget_parts
from provenance.actors import Actor
from provenance.errors import NotFound

LIFETIME: Final = timedelta(days=7)  # since the last byte came


def oldest() -> datetime:
    """Return the moment before which an upload that nobody continued has expired."""
    return timezone.now() - LIFETIME


@transaction.atomic
def find_upload(*, actor: Actor, proposal: Proposal, upload_id: uuid.UUID) -> Upload:
    """Return a draft's upload to one of its stewards.

    Raises:
        NotFound: there is none, it has expired, or the actor may not know of it.
        NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    found = Upload.objects.filter(pk=upload_id, proposal=draft, touched_at__gt=oldest())
    if (upload := found.select_related("proposal").first()) is None:
        raise NotFound("There is no such upload.")
    return upload


@transaction.atomic
def cancel_upload(*, actor: Actor, upload: Upload) -> None:
    """Forget an upload and the bytes that it brought; a file that it attached stays attached.

    Raises:
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    lock_for_editing(actor, upload.proposal)
    forget_uploads(Upload.objects.filter(pk=upload.pk))


@transaction.atomic
def sweep_uploads() -> int:
    """Forget uploads that nobody continued, or whose draft took a tier that allows no byte here (INV-1)."""
    allowed = Upload.objects.filter(proposal__record__tier__in=STORABLE).values("pk")
    return forget_uploads(Upload.objects.filter(~Q(pk__in=allowed) | Q(touched_at__lte=oldest())))


def forget_uploads(uploads: QuerySet[Upload]) -> int:
    """Delete the rows, and their bytes once that is committed; return how many uploads there were."""
    keys = list(uploads.select_for_update().values_list("pk", flat=True))
    addresses = addresses_of(keys)
    Upload.objects.filter(pk__in=keys).delete()
    transaction.on_commit(lambda: forget_parts(addresses))
    return len(keys)
