"""Uploads that survive a broken line: started, continued from where they stopped, attached once.

``received`` reaches ``bytes`` in the transaction that attaches the file, never before: whoever asks how far
an upload is can read from the answer alone whether there is anything left to do.
"""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.proposals.access import lock_for_editing
from catalog.proposals.attaching import attach_blob, check_upload
from catalog.proposals.models import Proposal
from catalog.proposals.taking_in import LARGEST_UPLOAD, media_type_of, take_in, too_large
from catalog.uploads.checksums import Checksum
from catalog.uploads.ending import forget_uploads, oldest
from catalog.uploads.models import Upload, UploadPart
from catalog.uploads.parts import (
    PART_BYTES,
    Read,
    addresses_of,
    arriving,
    forget_parts,
    keep_part,
    read_parts,
)
from provenance.actors import Actor
from provenance.blobs.store import Blob, BlobMissing
from provenance.errors import Conflict, Invalid, NotFound

MOST_OPEN: Final = 20  # unfinished uploads of one draft


@transaction.atomic
def start_upload(
    *, actor: Actor, proposal: Proposal, path: str, size: int, language: str = "", media_type: str = ""
) -> Upload:
    """Announce a file of ``size`` bytes for an open or train-only draft; none of them is taken yet.

    Raises:
        Invalid: codes ``bytes-not-accepted`` (INV-1), ``file-malformed``, ``file-empty``,
            ``file-too-large``, ``path-taken``.
        Conflict: code ``too-many-uploads``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    kind = media_type_of(path, media_type)
    check_upload(actor=actor, proposal=proposal, path=path, language=language, media_type=kind)
    if size < 1:
        raise Invalid("The file is empty.", code="file-empty", fields={"file": ["The file is empty."]})
    if size > LARGEST_UPLOAD:
        raise too_large()
    unfinished = Upload.objects.filter(proposal=proposal, completed_at=None, touched_at__gt=oldest())
    if unfinished.count() >= MOST_OPEN:
        raise Conflict(
            f"{MOST_OPEN} uploads of this draft are unfinished.",
            code="too-many-uploads",
            remedy="Finish or cancel one of them first.",
        )
    return Upload.objects.create(
        proposal=proposal,
        created_by_id=actor.key,
        path=path,
        language=language,
        media_type=kind,
        bytes=size,
    )


def receive_bytes(
    *, actor: Actor, upload: Upload, offset: int, read: Read, checksum: Checksum | None = None
) -> Upload:
    """Take what ``read(most)`` gives from ``offset`` on, part by part; the last byte attaches the file.

    What arrived before a line broke is kept. Bytes that come with a checksum are one part, kept or not.

    Raises:
        Invalid: code ``bytes-not-accepted`` (INV-1), before a byte is read and again with each part;
            ``checksum-mismatch``; and what ``attach_blob`` refuses.
        Conflict: code ``offset-differs``: another request was here before, or this one is a repetition.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    if offset != upload.received:
        raise _offset_differs(upload)
    while left := upload.bytes - upload.received:
        _require_bytes_allowed(actor, upload)
        chunks = arriving(read, left if checksum else min(left, PART_BYTES))
        part = keep_part(checksum.passing(chunks) if checksum else chunks)
        before = upload.received
        try:
            if checksum and not checksum.matches():
                raise Invalid("The bytes are not those of the checksum.", code="checksum-mismatch")
            if part.size:
                upload = _finish(actor, upload, part) if part.size == left else _advance(actor, upload, part)
        finally:
            if upload.received == before:
                forget_parts([part.sha256])
        if checksum or not part.size:
            break
    return upload


def _require_bytes_allowed(actor: Actor, upload: Upload) -> None:
    """Ask the draft's tier; where it now is one that allows no byte, forget also those that came before."""
    try:
        check_upload(
            actor=actor,
            proposal=upload.proposal,
            path=upload.path,
            language=upload.language,
            media_type=upload.media_type,
        )
    except Invalid as refused:
        if not Upload.objects.filter(pk=upload.pk, received=upload.received).exists():
            raise _offset_differs(upload) from None  # the path was taken by this very upload
        if refused.code == "bytes-not-accepted":
            with transaction.atomic():
                forget_uploads(Upload.objects.filter(pk=upload.pk))
        raise


def _advance(actor: Actor, upload: Upload, part: Blob) -> Upload:
    """Count a part in, if the upload still stands where the part begins."""
    _require_bytes_allowed(actor, upload)
    with transaction.atomic():
        standing = Upload.objects.filter(pk=upload.pk, received=upload.received, completed_at=None)
        if not standing.update(received=F("received") + part.size, touched_at=timezone.now()):
            raise _offset_differs(upload)
        UploadPart.objects.create(upload=upload, offset=upload.received, bytes=part.size, sha256=part.sha256)
    return _again(upload)


def _finish(actor: Actor, upload: Upload, last: Blob) -> Upload:
    """Stream all parts through the hash into the blob store, attach the file, forget the parts."""
    _require_bytes_allowed(actor, upload)
    addresses = [*addresses_of([upload.pk]), last.sha256]
    try:
        blob, records = take_in(read_parts(addresses), upload.media_type)
    except BlobMissing:
        _again(upload)  # the parts went with the upload
        raise
    with transaction.atomic():
        draft = lock_for_editing(actor, upload.proposal)
        standing = Upload.objects.filter(pk=upload.pk, received=upload.received, completed_at=None)
        now = timezone.now()
        if not standing.update(received=F("bytes"), touched_at=now, completed_at=now):
            raise _offset_differs(upload)
        attach_blob(
            actor=actor,
            proposal=draft,
            path=upload.path,
            language=upload.language,
            media_type=upload.media_type,
            blob=blob,
            records=records,
        )
        upload.parts.all().delete()
        transaction.on_commit(lambda: forget_parts(addresses))
    return _again(upload)


def _again(upload: Upload) -> Upload:
    """Raises NotFound: it was cancelled, or swept, in the meantime."""
    found = Upload.objects.select_related("proposal").filter(pk=upload.pk).first()
    if found is None:
        raise NotFound("There is no such upload any more.")
    return found


def _offset_differs(upload: Upload) -> Conflict:
    return Conflict(
        f"The upload of {upload.path!r} does not stand at this offset.",
        code="offset-differs",
        remedy="Ask how far it is, and continue from there.",
    )
