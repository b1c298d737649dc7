"""Files of a draft: bytes where the tier lets the coordinator hold them, else pointers or commitments (DG:6).

Detached bytes stay in the store until a sweep that knows every floor's references finds them unused: from
here nobody can tell whether a round needs the same bytes.
"""

import mimetypes
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from pydantic import ValidationError

from catalog.datasets.files import MOST_FILES, FileEntry, storage_of
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.tiers import Tier, may_store_bytes
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.blobs.store import BlobTooLarge
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event

LARGEST_UPLOAD: Final = 16 * 2**30  # bytes of one file


class LineCount:
    """Counts the lines of text that streams through; a last line without a line end counts too."""

    def __init__(self) -> None:
        self.lines = 0
        self._last = b"\n"

    def passing(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the chunks on."""
        for chunk in chunks:
            self.lines += chunk.count(b"\n")
            self._last = chunk[-1:] or self._last
            yield chunk
        self.lines += self._last != b"\n"


def attach_upload(
    *,
    actor: Actor,
    proposal: Proposal,
    path: str,
    language: str,
    chunks: Iterable[bytes],
    media_type: str | None = None,
) -> Proposal:
    """Take the bytes of one file of an open or train-only draft into the store.

    Nothing is read from ``chunks`` before the tier is known to allow it, and it is asked again afterwards.

    Raises:
        Invalid: code ``bytes-not-accepted`` (INV-1) for every other tier and for none; ``file-malformed``;
            ``file-too-large``; ``path-taken``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    kind = media_type or mimetypes.guess_type(path)[0] or "application/octet-stream"
    described = {"path": path, "language": language, "mediaType": kind, "storage": "blob"}
    with transaction.atomic():
        draft = lock_for_editing(actor, proposal)
        _require_bytes_allowed(draft)
        _require_free(draft, [_read_entry({**described, "sha256": "0" * 64, "bytes": 0}, path)])
    count = LineCount()
    try:
        blob = get_store().put(count.passing(chunks), max_bytes=LARGEST_UPLOAD)
    except BlobTooLarge:
        limit = f"A file has at most {LARGEST_UPLOAD // 2**30} GiB."
        raise Invalid(limit, code="file-too-large", fields={"file": [limit]}) from None
    records = count.lines if kind.startswith(("text/", "application/json")) else 0
    entry = _read_entry({**described, "sha256": blob.sha256, "bytes": blob.size, "records": records}, path)
    with transaction.atomic():
        draft = lock_for_editing(actor, proposal)
        _require_bytes_allowed(draft)
        return _attach(actor, draft, [entry])


@transaction.atomic
def attach_pointers(*, actor: Actor, proposal: Proposal, manifest: Sequence[Mapping[str, Any]]) -> Proposal:
    """Attach what stays with the member: pointers of a local-only draft, commitments of a private one.

    Each entry is ``{path, sha256, bytes, records, language, media_type}``. Of a private one only the sha256,
    which its owner has salted, and the size are kept, not even the path.

    Raises:
        Invalid: code ``pointers-not-accepted`` for other tiers; ``file-malformed``; ``path-taken``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    tier = tier_of(draft.record)
    if tier is None or may_store_bytes(tier):
        raise Invalid(
            "Pointers are for data that stay with their member: local-only and private ones.",
            code="pointers-not-accepted",
            requirement="DG:6",
            fields={"files": ["Pointers are for local-only and private data."]},
            remedy="Choose one of these tiers first, or upload the files.",
        )
    entries = [
        _read_entry({"path": "unnamed", **file, "storage": storage_of(tier)}, f"files.{number}")
        for number, file in enumerate(manifest)
    ]
    if tier is Tier.PRIVATE:
        used = [int(file["path"].removeprefix("sealed/")) for file in draft.files]
        entries = [
            FileEntry.sealed(number, sha256=entry.sha256, size=entry.bytes)
            for number, entry in enumerate(entries, max(used, default=0) + 1)
        ]
    return _attach(actor, draft, entries)


@transaction.atomic
def detach_file(*, actor: Actor, proposal: Proposal, path: str) -> Proposal:
    """Take one file off the draft.

    Raises:
        Conflict: code ``file-not-attached``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    kept = [file for file in draft.files if file["path"] != path]
    if len(kept) == len(draft.files):
        raise Conflict(f"No file {path!r} is attached.", code="file-not-attached")
    return _save(actor, draft, kept, action="proposal.file-detached", paths=[path])


def _require_bytes_allowed(draft: Proposal) -> None:
    tier = tier_of(draft.record)
    if tier is not None and may_store_bytes(tier):
        return
    why = f"Bytes of {tier} data stay with their member." if tier else "No tier is chosen yet."
    raise Invalid(
        f"{why} The coordinator takes no byte of this draft.",
        code="bytes-not-accepted",
        requirement="INV-1, DG:6",
        fields={"file": [why]},
        remedy="Attach pointers instead: path, sha256 and size of each file."
        if tier
        else "Choose the tier first; bytes are for open and train-only data.",
    )


def _read_entry(data: Mapping[str, Any], field: str) -> FileEntry:
    try:
        return FileEntry.model_validate(data)
    except ValidationError as refused:
        fields: dict[str, list[str]] = {}
        for error in refused.errors(include_url=False):
            name = ".".join([field, *map(str, error["loc"])])
            fields.setdefault(name, []).append(error["msg"].removeprefix("Value error, "))
        raise Invalid(
            "A file is not described well.", code="file-malformed", requirement="DM:16", fields=fields
        ) from None


def _require_free(draft: Proposal, entries: Sequence[FileEntry]) -> None:
    attached = {file["path"] for file in draft.files}
    for entry in entries:
        if entry.path in attached:
            message = f"A file {entry.path!r} is attached already."
            raise Invalid(
                message, code="path-taken", fields={"path": [message]}, remedy="Detach it first, or rename."
            )
        attached.add(entry.path)
    if len(attached) > MOST_FILES:
        raise Invalid(f"An entry has at most {MOST_FILES} files.", code="too-many-files")


def _attach(actor: Actor, draft: Proposal, entries: Sequence[FileEntry]) -> Proposal:
    _require_free(draft, entries)
    files = [*draft.files, *(entry.as_manifest() for entry in entries)]
    paths = [entry.path for entry in entries]
    return _save(actor, draft, files, action="proposal.files-attached", paths=paths)


def _save(
    actor: Actor, draft: Proposal, files: list[dict[str, Any]], *, action: str, paths: list[str]
) -> Proposal:
    """The row is locked, so this can not overwrite; the revision moves for whoever has an older one open."""
    Proposal.objects.filter(pk=draft.pk).update(
        files=files, revision=F("revision") + 1, updated_at=timezone.now()
    )
    draft.refresh_from_db()
    record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{draft.pk}",
        audience=audience_of(draft),
        evidence=Evidence(details={"revision": draft.revision, "files": len(files), "paths": paths[:20]}),
    )
    return draft
