"""One inspection from its claim to its end. Whoever lost its claim in between leaves no trace (INV-8)."""

from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from catalog.datasets.models import DatasetVersion
from catalog.facts import INSPECTOR, FileRefused, Limits, Progress, inspect_in_child
from catalog.inspection.models import Inspection
from catalog.inspection.requesting import send_conclusions
from catalog.inspection.states import TRANSITIONS, InspectionState
from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing
from provenance.errors import Conflict
from provenance.states import swap_state

HEARTBEAT: Final = 1.0  # seconds between two signs of life, at least
LIMITS: Final = Limits(seconds=20 * 60)  # below the time that a task has
LONGEST_REASON: Final = 1000  # characters, as the column holds them
MISSING: Final = "The bytes are not in the store any more. Attach the file again."


class ClaimLost(Exception):  # noqa: N818 - named for what is the case
    """The reaper gave the inspection to somebody else."""


def run_inspection(inspection_id: int) -> bool:
    """Inspect one queued file in a bounded child process; return False where there was nothing to do.

    An inspection belongs to no entry, so it has no event: what comes of it is told when a version's facts are
    concluded.

    Raises:
        BlobStoreError: the store does not work; the reaper asks again.
    """
    claimed = _claim(inspection_id)
    if claimed is None:
        return False
    try:
        facts = _inspect(claimed)
    except FileRefused as refused:
        return _end(claimed, InspectionState.REFUSED, reason_code=refused.code, reason=refused.message)
    except BlobMissing:
        return _end(claimed, InspectionState.REFUSED, reason_code="blob-missing", reason=MISSING)
    except ClaimLost:
        return False
    return _end(claimed, InspectionState.DONE, facts=facts, bytes_done=claimed.bytes_total)


def _claim(inspection_id: int) -> Inspection | None:
    # An older program's question would get this program's answer.
    queued = Inspection.objects.filter(state=InspectionState.QUEUED, inspector=INSPECTOR)
    row = queued.filter(pk=inspection_id).first()
    if row is None:
        return None
    try:
        return swap_state(
            row,
            to=InspectionState.RUNNING,
            table=TRANSITIONS,
            attempt=F("attempt") + 1,
            bytes_done=0,
            touched_at=timezone.now(),
        )
    except Conflict:  # another message about the same file was faster
        return None


def _inspect(row: Inspection) -> dict[str, Any]:
    with get_store().local_path(row.sha256) as path:
        found = inspect_in_child(
            path,
            name=row.name,
            media_type=row.media_type,
            languages=tuple(row.languages),
            limits=LIMITS,
            preview_rows=0,
            progress=_heartbeat(row),
        )
    facts: dict[str, Any] = without_nul(found.model_dump(mode="json"))
    return facts


def _heartbeat(row: Inspection) -> Progress:
    """Return what the inspector calls with its steps done and in all; it writes once a second at most."""
    last = monotonic()

    def beat(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last < HEARTBEAT:
            return
        last = monotonic()
        read = max(1, row.bytes_total * done // max(1, total))
        if not _mine(row).update(bytes_done=min(read, row.bytes_total), touched_at=timezone.now()):
            raise ClaimLost

    return beat


def _end(row: Inspection, state: InspectionState, *, reason: str = "", **changes: Any) -> bool:
    """Write the result, if the claim still holds, and ask for the versions that waited for this file."""
    now = timezone.now()
    with transaction.atomic():
        if not _mine(row).select_for_update().exists():
            return False
        swap_state(
            row,
            to=state,
            table=TRANSITIONS,
            touched_at=now,
            finished_at=now,
            reason=reason[:LONGEST_REASON],
            **changes,
        )
        waiting = DatasetVersion.objects.filter(files__sha256=row.sha256, files__storage="blob")
        send_conclusions(list(waiting.distinct().order_by("pk").values_list("pk", flat=True)))
    return True


def _mine(row: Inspection) -> QuerySet[Inspection]:
    return Inspection.objects.filter(pk=row.pk, state=InspectionState.RUNNING, attempt=row.attempt)


def without_nul(value: Any) -> Any:
    """Return JSON whose texts PostgreSQL can hold: names of columns may have any character."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [without_nul(each) for each in value]
    if isinstance(value, dict):
        return {without_nul(name): without_nul(each) for name, each in value.items()}
    return value
