"""Letting the bytes go of what was never promoted: its recipe stays, and anybody can compute them again."""

from collections.abc import Iterable
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from catalog.datasets.models import DatasetFile
from provenance.actors import COORDINATOR
from provenance.blobs import get_store
from provenance.events.services import Evidence, record_event
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.families.models import ImportedModel

ROOM: Final = 0x7A9F  # first half of the advisory locks' key; the second is from the bytes' address


def hold_bytes(sha256s: Iterable[str]) -> None:
    """Keep bytes from being dropped until the open transaction ends, which records what needs them.

    Raises:
        BlobMissing: they went since they were computed; computing them again brings them back.
    """
    store = get_store()
    for sha256 in sorted(filter(None, sha256s)):
        _lock(sha256)
        store.size(sha256)


@transaction.atomic
def drop_bytes(checkpoint: Checkpoint) -> bool:
    """Drop weights and server state of a candidate or a replayed one; tell whether there were any to drop.

    Bytes that something else has too stay where they are. Deleting comes last and may be repeated: a death
    here is made good by the next call.
    """
    addresses = sorted(filter(None, (checkpoint.weights_sha256, checkpoint.server_state_sha256)))
    for sha256 in addresses:
        _lock(sha256)
    rows = Checkpoint.measured.filter(pk=checkpoint.pk, weights_dropped_at=None)
    if not rows.exclude(standing=Checkpoint.Standing.BASE).update(weights_dropped_at=timezone.now()):
        return False
    _record(checkpoint, "checkpoint.bytes-dropped")
    for sha256 in addresses:
        if not is_needed(sha256):
            get_store().delete(sha256)
    return True


def note_return(checkpoint: Checkpoint) -> None:
    """Say that dropped bytes are here again, because somebody computed them. The caller holds them."""
    rows = Checkpoint.measured.filter(pk=checkpoint.pk, weights_dropped_at__isnull=False)
    if rows.update(weights_dropped_at=None):
        checkpoint.weights_dropped_at = None
        _record(checkpoint, "checkpoint.bytes-returned")


def is_needed(sha256: str) -> bool:
    """Tell whether a row of the catalog still promises these bytes."""
    models = Checkpoint.measured.filter(Q(weights_sha256=sha256) | Q(server_state_sha256=sha256))
    return (
        models.filter(weights_dropped_at=None).exists()
        or Contribution.objects.filter(weights_sha256=sha256, bytes_dropped_at=None).exists()
        or ImportedModel.objects.filter(weights_sha256=sha256).exists()
        or DatasetFile.objects.filter(sha256=sha256, storage=DatasetFile.Storage.BLOB).exists()
    )


def _lock(sha256: str) -> None:
    number = int(sha256[:8], 16) - (1 << 31)  # signed, as PostgreSQL has it
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ROOM, number])


def _record(checkpoint: Checkpoint, action: str) -> None:
    record_event(
        actor=COORDINATOR,
        action=action,
        subject=f"checkpoint:{checkpoint.digest}",
        evidence=Evidence(artifact=checkpoint.digest, details={"weights": checkpoint.weights_sha256}),
    )
