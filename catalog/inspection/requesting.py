"""Asking for what is not computed yet. The rows are the truth; a message only says that there is work."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from catalog.datasets.models import STORABLE, DatasetFile, DatasetVersion
from catalog.facts import INSPECTOR
from catalog.inspection.models import Inspection
from catalog.inspection.states import InspectionState

BATCH: Final = 1000
MOST_LANGUAGES: Final = 200


def request_inspections(*, files: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> int:
    """Queue the files of a draft or version that nobody has looked at yet; return how many those are.

    ``files`` are entries of a manifest; only ``storage: blob`` of a record whose tier lets the coordinator
    hold the bytes is looked at (INV-1). Three queries for each thousand files. The messages go out after the
    commit.
    """
    if record.get("tier") not in STORABLE:
        return 0
    declared = record.get("languages")
    languages = list(map(str, declared)) if isinstance(declared, list) else []
    stored = {str(file["sha256"]): file for file in files if file["storage"] == DatasetFile.Storage.BLOB}
    hashes = sorted(stored)
    batches = (hashes[start : start + BATCH] for start in range(0, len(hashes), BATCH))
    return sum(_request([stored[sha256] for sha256 in batch], languages) for batch in batches)


def request_version(version: DatasetVersion) -> int:
    """Queue what a published version still lacks, and ask for its conclusion; return how many files wait."""
    if version.tier not in STORABLE:
        return 0
    files = [file.as_manifest() for file in version.files.all()]
    waiting = request_inspections(files=files, record=version.record)
    send_conclusions([version.pk])
    return waiting


def send_inspections(ids: Sequence[int], *, expires: float | None = None) -> None:
    """Send a message for each queued inspection after the commit; a broker that is away changes nothing."""

    def send() -> None:
        from catalog.inspection.tasks import inspect_file

        for pk in ids:
            inspect_file.apply_async((pk,), expires=expires)

    transaction.on_commit(send, robust=True)


def send_conclusions(version_ids: Sequence[int]) -> None:
    """Ask for the facts of whole versions after the commit; the sweep asks again where a message is lost."""

    def send() -> None:
        from catalog.inspection.tasks import conclude_version

        for pk in version_ids:
            conclude_version.delay(pk)

    transaction.on_commit(send, robust=True)


def _request(files: Sequence[Mapping[str, Any]], languages: Sequence[str]) -> int:
    of_these = Inspection.objects.filter(inspector=INSPECTOR, sha256__in=[file["sha256"] for file in files])
    known = set(of_these.values_list("sha256", flat=True))
    missing = [_row(file, languages) for file in files if file["sha256"] not in known]
    if not missing:
        return 0
    Inspection.objects.bulk_create(missing, ignore_conflicts=True)
    fresh = of_these.filter(sha256__in=[row.sha256 for row in missing], state=InspectionState.QUEUED)
    send_inspections(list(fresh.values_list("pk", flat=True)))
    return len(missing)


def _row(file: Mapping[str, Any], languages: Sequence[str]) -> Inspection:
    told = [str(tag) for tag in (file.get("language"), *languages) if tag]
    return Inspection(
        sha256=file["sha256"],
        inspector=INSPECTOR,
        name=file["path"],
        media_type=file.get("mediaType") or "",
        languages=list(dict.fromkeys(told))[:MOST_LANGUAGES],
        bytes_total=file["bytes"],
        touched_at=timezone.now(),
    )
