"""Files of a draft: bytes where the tier lets the coordinator hold them, else pointers (DG:6).

Detached bytes stay in the store until a sweep that knows every floor's references finds them unused: from
here nobody can tell whether a round needs the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from pydantic import ValidationError

from catalog.datasets.files import MOST_FILES, FileEntry, storage_of
from catalog.inspection.requesting import request_inspections
from catalog.proposals.access import audience_of, lock_for_editing
from catalog.proposals.checks import tier_of
from catalog.proposals.models import Proposal
from catalog.proposals.taking_in import media_type_of, take_in
from catalog.tiers import Tier, may_store_bytes
from provenance.actors import Actor
from provenance.blobs.store import Blob
from provenance.errors import Conflict, Invalid
from provenance.events.services import Evidence, record_event


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
    kind = media_type_of(path, media_type)
    check_upload(actor=actor, proposal=proposal, path=path, language=language, media_type=kind)
    blob, records = take_in(chunks, kind)
    return attach_blob(
        actor=actor,
        proposal=proposal,
        path=path,
        language=language,
        media_type=kind,
        blob=blob,
        records=records,
    )


@transaction.atomic
def check_upload(*, actor: Actor, proposal: Proposal, path: str, language: str, media_type: str) -> None:
    """Refuse a file that the draft could not take, before any of its bytes is read.

    Raises:
        Invalid: codes ``bytes-not-accepted`` (INV-1), ``file-malformed``, ``path-taken``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    _require_bytes_allowed(draft)
    _require_free(draft, [_blob_entry(path, language, media_type, Blob("0" * 64, 0))])


@transaction.atomic
def attach_blob(
    *, actor: Actor, proposal: Proposal, path: str, language: str, media_type: str, blob: Blob, records: int
) -> Proposal:
    """Attach bytes that the store holds; the tier is asked again, since it may have changed meanwhile.

    Raises:
        Invalid: codes ``bytes-not-accepted`` (INV-1), ``file-malformed``, ``path-taken``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    _require_bytes_allowed(draft)
    return _attach(actor, draft, [_blob_entry(path, language, media_type, blob, records)])


@transaction.atomic
def attach_pointers(*, actor: Actor, proposal: Proposal, manifest: Sequence[Mapping[str, Any]]) -> Proposal:
    """Attach pointers to what stays with the member to a local-only draft. Private files have not even those.

    Each entry is ``{path, sha256, bytes, records, language, media_type}``.

    Raises:
        Invalid: code ``pointers-not-accepted`` for other tiers; ``file-malformed``; ``path-taken``.
        NotFound, NotPermitted, Conflict: as ``lock_for_editing``.
    """
    draft = lock_for_editing(actor, proposal)
    tier = tier_of(draft.record)
    if tier is None or storage_of(tier) != "pointer":
        raise Invalid(
            "Pointers are for data that stay with their member, and whose list may be read: local-only ones.",
            code="pointers-not-accepted",
            requirement="INV-1, DG:6",
            fields={"files": ["Pointers are for local-only data."]},
            remedy=_instead_of_pointers(tier),
        )
    entries = [
        _read_entry({"path": "unnamed", **file, "storage": "pointer"}, f"files.{number}")
        for number, file in enumerate(manifest)
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
    return _save(actor, draft, kept, action="proposal.file-detached")


def _instead_of_pointers(tier: Tier | None) -> str:
    if tier is Tier.PRIVATE:
        return "Seal private data on their node, and hand in the seal: not even names of files come here."
    return "Upload the files." if tier else "Choose the tier first."


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
        remedy=_instead_of_bytes(tier),
    )


def _instead_of_bytes(tier: Tier | None) -> str:
    if tier is Tier.PRIVATE:
        return _instead_of_pointers(tier)
    if tier is None:
        return "Choose the tier first; bytes are for open and train-only data."
    return "Attach pointers instead: path, sha256 and size of each file."


def _blob_entry(path: str, language: str, media_type: str, blob: Blob, records: int = 0) -> FileEntry:
    described = {"path": path, "language": language, "mediaType": media_type, "storage": "blob"}
    return _read_entry({**described, "sha256": blob.sha256, "bytes": blob.size, "records": records}, path)


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
    request_inspections(files=files[len(draft.files) :], record=draft.record)
    return _save(actor, draft, files, action="proposal.files-attached")


def _save(actor: Actor, draft: Proposal, files: list[dict[str, Any]], *, action: str) -> Proposal:
    """The row is locked, so this can not overwrite; the revision moves for whoever has an older one open.

    The event counts the files and names none: a draft may yet become private, and the log forgets nothing.
    """
    Proposal.objects.filter(pk=draft.pk).update(
        files=files, revision=F("revision") + 1, updated_at=timezone.now(), saved_by_id=actor.key
    )
    draft.refresh_from_db()
    record_event(
        actor=actor,
        action=action,
        subject=f"proposal:{draft.pk}",
        audience=audience_of(draft),
        evidence=Evidence(details={"revision": draft.revision, "files": len(files)}),
    )
    return draft
