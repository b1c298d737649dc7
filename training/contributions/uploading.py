"""An update's bytes on their way in: parts in any order, over several connections, and one step at the end.

What comes is bound beforehand: the job committed to one sha256 and one size, and no other bytes are taken.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils import timezone

from provenance.blobs import get_store
from provenance.blobs.staging import StagingBusy, StagingMissing
from provenance.blobs.store import Blob, BlobMismatch
from provenance.errors import Conflict, Invalid
from training.contributions.models import Contribution, WeightsPart, WeightsUpload
from training.contributions.receiving import commitment_of, deliver_weights
from training.jobs.models import Job
from training.nodes.models import Node

LARGEST_PART: Final = 256 << 20  # bytes; a store may hold one in memory
MOST_PARTS: Final = 10_000  # what S3 allows
MOST_ADDRESSES: Final = 64  # signed at a time; who has used them asks again


@dataclass(frozen=True, slots=True)
class Missing:
    """What an upload still needs: numbers of parts of ``part_bytes`` each (from 0; the last may be shorter).

    ``addresses``: URLs for the first of them, where parts may go straight to the store.
    """

    part_bytes: int
    numbers: list[int]
    addresses: Mapping[int, str] = field(default_factory=dict)


def open_upload(node: Node, job: Job, attempt: int, *, sha256: str, size: int, part_bytes: int) -> Missing:
    """Begin or resume the upload of what the job committed to; ``part_bytes`` is a wish.

    Raises:
        NotFound: the job is another node's. Invalid: ``weights-not-committed``.
        Conflict: ``commitment-missing``, ``attempt-stale``. BlobStoreError: no room, among others.
    """
    with transaction.atomic():
        committed = commitment_of(node, job, attempt)
        if (sha256, size) != (committed.weights_sha256, committed.weights_bytes):
            wrong = {"sha256": ["not what the job committed to"]}
            raise Invalid("The job committed to other bytes.", code="weights-not-committed", fields=wrong)
        if committed.received_at is not None:
            return Missing(part_bytes, [])
        upload = WeightsUpload.objects.filter(job=job, sha256=sha256).first()
        if upload is None:
            upload = begin_upload(job, sha256=sha256, size=size, part_bytes=part_bytes)
    return missing_in(upload)


def find_upload(node: Node, job: Job, attempt: int) -> WeightsUpload:
    """Return the open upload of what the job committed to.

    Raises:
        NotFound: the job is another node's. Conflict: ``commitment-missing``, ``attempt-stale``,
            ``upload-missing``, when none was opened, or it was given up.
    """
    committed = commitment_of(node, job, attempt)
    upload = WeightsUpload.objects.filter(job=job, sha256=committed.weights_sha256).first()
    if upload is None:
        raise _lost()
    return upload


def missing_in(upload: WeightsUpload) -> Missing:
    """Return what still has to come."""
    there = _receipts(upload)
    numbers = [number for number in range(_count(upload)) if number not in there]
    staging, addresses = get_store().staging, {}
    for number in numbers[:MOST_ADDRESSES]:
        if url := staging.address(upload.handle, number, size=_size(upload, number)):
            addresses[number] = url
    return Missing(upload.part_bytes, numbers, addresses)


def receive_part(upload: WeightsUpload, number: int, chunks: Iterable[bytes], content_sha256: str) -> None:
    """Keep one part; no row is locked while its bytes come. A part that is there already is only read.

    ``content_sha256`` is the hash that the request's signature covers.

    Raises:
        Invalid: ``part-unknown``, ``part-size``. BlobMismatch: the bytes are not those that were signed.
        Conflict: ``upload-missing``. BlobStoreError: the store does not work.
    """
    if number >= _count(upload):
        raise Invalid(f"This upload has {_count(upload)} parts.", code="part-unknown")
    checked = _checked(chunks, _size(upload, number), content_sha256)
    if WeightsPart.objects.filter(upload=upload, number=number).exists():
        for _ in checked:
            pass
        return
    try:
        receipt = get_store().staging.write(upload.handle, number, number * upload.part_bytes, checked)
    except StagingMissing:
        WeightsUpload.objects.filter(pk=upload.pk, closed_at=None).delete()
        raise _lost() from None
    except StagingBusy as error:
        raise _busy() from error
    with transaction.atomic():
        if not WeightsUpload.objects.select_for_update().filter(pk=upload.pk).exists():
            raise _lost()
        WeightsPart.objects.update_or_create(upload=upload, number=number, defaults={"receipt": receipt})


def close_upload(node: Node, job: Job, attempt: int) -> Contribution:
    """Hash the parts, make them the blob, and deliver it; after the delivery a repeat only tells so.

    Raises:
        NotFound, Conflict, Invalid: see `training.contributions.receiving.deliver_weights`; besides
            ``upload-missing``, ``parts-missing``, ``upload-busy`` (ask again), and ``weights-mismatch``,
            after which the upload begins anew. BlobStoreError: the store does not work.
    """
    committed = commitment_of(node, job, attempt)
    if committed.received_at is not None:
        return committed
    upload = find_upload(node, job, attempt)
    blob = publish_upload(upload)
    WeightsUpload.objects.filter(pk=upload.pk, closed_at=None).update(closed_at=timezone.now())
    return deliver_weights(node, job, attempt, blob)


def begin_upload(job: Job, *, sha256: str, size: int, part_bytes: int) -> WeightsUpload:
    """Take room for it; uploads of what the job no longer stands by are given up.

    Raises:
        BlobStoreError: no room, among others.
    """
    staging = get_store().staging
    for other in WeightsUpload.objects.filter(job=job, closed_at=None):
        staging.discard(other.handle)
        other.delete()
    least = max(staging.least_part_bytes, -(-size // MOST_PARTS))
    part_bytes = max(least, min(part_bytes, LARGEST_PART))
    return WeightsUpload.objects.create(
        job=job, sha256=sha256, bytes=size, part_bytes=part_bytes, handle=staging.begin(size=size)
    )


def publish_upload(upload: WeightsUpload) -> Blob:
    """Hash the parts and make them the blob; what was published before is found again.

    Raises:
        Conflict: ``upload-missing``, ``parts-missing``, ``upload-busy``, ``weights-mismatch``.
        BlobStoreError: the store does not work.
    """
    receipts = _receipts(upload)
    if absent := _count(upload) - len(receipts):
        raise Conflict(f"{absent} of {_count(upload)} parts are not here.", code="parts-missing")
    store = get_store()
    try:
        return store.staging.publish(upload.handle, sha256=upload.sha256, receipts=receipts)
    except StagingBusy as error:
        raise _busy() from error
    except StagingMissing:
        # A call that died between here and the delivery has published it.
        if store.exists(upload.sha256):
            return Blob(upload.sha256, store.size(upload.sha256))
        upload.delete()
        raise _lost() from None
    except BlobMismatch as error:
        upload.delete()
        raise Conflict(str(error), code="weights-mismatch", remedy="Send all parts again.") from error


def _receipts(upload: WeightsUpload) -> dict[int, str]:
    """Return the receipts of all parts that are there whole, whichever way they came."""
    try:
        arrived = get_store().staging.arrived(upload.handle)
    except StagingMissing:
        arrived = {}
    past_us = {number: part.receipt for number, part in arrived.items() if part.size == _size(upload, number)}
    return {**past_us, **dict(upload.parts.values_list("number", "receipt"))}


def _checked(chunks: Iterable[bytes], size: int, sha256: str) -> Iterator[bytes]:
    """Yield the chunks on; the last is followed by an error if they are not what was announced."""
    found, left = hashlib.sha256(), size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            break
        found.update(chunk)
        yield chunk
    if left:
        raise Invalid(f"This part has exactly {size} bytes.", code="part-size")
    if found.hexdigest() != sha256:
        raise BlobMismatch("The part is not the one that was signed.")


def _count(upload: WeightsUpload) -> int:
    return max(-(-upload.bytes // upload.part_bytes), 1)


def _size(upload: WeightsUpload, number: int) -> int:
    return max(min(upload.part_bytes, upload.bytes - number * upload.part_bytes), 0)


def _lost() -> Conflict:
    return Conflict("There is no open upload.", code="upload-missing", remedy="Open it again.")


def _busy() -> Conflict:
    return Conflict("Another request is at it.", code="upload-busy", remedy="Ask again in a moment.")
