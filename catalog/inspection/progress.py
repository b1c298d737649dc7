"""How far the inspection of a list of files has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.datasets.models import DatasetFile
from catalog.facts import INSPECTOR
from catalog.inspection.models import Inspection
from catalog.inspection.states import FINISHED, InspectionState


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that could not be inspected: its path, a stable code, and a sentence that says what to do."""

    path: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``finished`` of ``total`` files are inspected, ``refused`` ones among them.

    ``share`` is the part of the bytes that was looked at, 0 to 1. ``running`` tells whether one is at work.
    """

    total: int
    finished: int
    share: float
    running: bool
    refused: tuple[RefusedFile, ...]

    @property
    def moves(self) -> bool:
        """Whether something is still to come."""
        return self.finished < self.total

    @property
    def percent(self) -> int:
        """The share in whole percent; 100 only when all is done."""
        return min(99, int(self.share * 100)) if self.moves else 100

    @property
    def state(self) -> str:
        """``none``, ``queued``, ``running``, ``refused`` (nothing could be looked into) or ``done``."""
        if not self.total:
            return "none"
        if self.moves:
            return "running" if self.running or self.finished else "queued"
        return "refused" if len(self.refused) == self.total else "done"


def progress_of(files: Iterable[Mapping[str, Any]]) -> Progress:
    """Return the progress of those files of a manifest that lie in the store; one query."""
    stored = [file for file in files if file["storage"] == DatasetFile.Storage.BLOB]
    rows = inspections_of(stored)
    found = [(file, row) for file in stored if (row := rows.get(file["sha256"]))]
    done = sum(row.bytes_total if row.state in FINISHED else row.bytes_done for _, row in found)
    refused = [
        RefusedFile(file["path"], row.reason_code, row.reason)
        for file, row in found
        if row.state == InspectionState.REFUSED
    ]
    return Progress(
        total=len(stored),
        finished=sum(row.state in FINISHED for _, row in found),
        share=done / max(1, sum(int(file["bytes"]) for file in stored)),
        running=any(row.state == InspectionState.RUNNING for _, row in found),
        refused=tuple(refused),
    )


def inspections_of(stored: Iterable[Mapping[str, Any]]) -> dict[str, Inspection]:
    """Return where each of the hashes stands, without the facts themselves, which may be long."""
    hashes = {file["sha256"] for file in stored}
    if not hashes:
        return {}
    rows = Inspection.objects.filter(inspector=INSPECTOR, sha256__in=hashes)
    return {row.sha256: row for row in rows.defer("facts")}
