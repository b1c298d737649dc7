"""Bytes that a replay asked back, on their way in: in parts, as they came the first time, known by hash."""

from django.db import transaction
from django.utils import timezone

from provenance.errors import Conflict, Invalid
from training.contributions.models import Contribution, WeightsUpload
from training.contributions.uploading import Missing, begin_upload, missing_in, publish_upload
from training.nodes.models import Node
from training.retention.recalling import note_return, open_recall


def open_return(node: Node, digest: str, *, sha256: str, size: int, part_bytes: int) -> Missing:
    """Begin or resume sending back what the contribution committed to; ``part_bytes`` is a wish.

    Raises:
        NotFound: ``recall-not-found``. Invalid: ``weights-not-committed``, for any other bytes.
        BlobStoreError: no room, among others.
    """
    with transaction.atomic():
        contribution = open_recall(node, digest, lock=True).contribution
        if (sha256, size) != (contribution.weights_sha256, contribution.weights_bytes):
            wrong = {"sha256": ["not what the contribution committed to"]}
            raise Invalid("Other bytes are asked for.", code="weights-not-committed", fields=wrong)
        uploads = WeightsUpload.objects.filter(job=contribution.job, sha256=sha256)
        uploads.exclude(closed_at=None).delete()  # the row of the first time
        upload = uploads.first()
        if upload is None:
            upload = begin_upload(contribution.job, sha256=sha256, size=size, part_bytes=part_bytes)
    return missing_in(upload)


def find_return(node: Node, digest: str) -> WeightsUpload:
    """Return the upload that was opened for an answer.

    Raises:
        NotFound: ``recall-not-found``. Conflict: ``upload-missing``.
    """
    contribution = open_recall(node, digest).contribution
    uploads = WeightsUpload.objects.filter(job=contribution.job, sha256=contribution.weights_sha256)
    upload = uploads.filter(closed_at=None).first()
    if upload is None:
        raise Conflict("No upload is open.", code="upload-missing", remedy="Open it, and send all parts.")
    return upload


def close_return(node: Node, digest: str) -> Contribution:
    """Hash the parts, make them the blob again, and end the recall.

    Raises:
        NotFound: ``recall-not-found``. Conflict: ``upload-missing``, ``parts-missing``, ``upload-busy``, and
            ``weights-mismatch``, after which the upload begins anew. BlobStoreError: the store does not work.
    """
    upload = find_return(node, digest)
    publish_upload(upload)
    contribution = note_return(node, digest)
    WeightsUpload.objects.filter(pk=upload.pk).update(closed_at=timezone.now())
    return contribution
