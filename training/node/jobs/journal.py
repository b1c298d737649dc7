"""What a node has done for each of its jobs, on its own disk: the truth here, as the row is over there.

``<home>/jobs/<job id>/journal.json`` is written whole at each step. A step that a death interrupted is done
again from its beginning; a step that is written down is never repeated.
"""

import base64
import json
from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from provenance.signing.dsse import payload_digest
from provenance.signing.errors import SigningError
from training.manifest import JobManifest, parse_manifest
from training.node.durable import write_whole
from training.node.errors import JobError

FILE: Final = "journal.json"
MANIFEST: Final = "manifest.json"


class Step(StrEnum):
    """How far a job has come. Evaluations and re-executions go from computed to signed to sent."""

    KNOWN = "known"
    CLAIMED = "claimed"
    FETCHED = "fetched"
    TRAINING = "training"
    COMPUTED = "computed"
    ENCODED = "encoded"
    SIGNED = "signed"
    COMMITTED = "committed"
    SENT = "sent"
    DONE = "done"

    @property
    def rank(self) -> int:
        """Its place in the order of work."""
        return list(Step).index(self)


class Waiting(BaseModel):
    """Why a job waits here: a stable code and words for people; whether the coordinator was told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    reason: str
    since: AwareDatetime
    told: bool = False


class Encoded(BaseModel):
    """The update as it goes out: its hash, its size in bytes, its relative Frobenius error against fp32."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    bytes: int
    error: float


class Spent(BaseModel):
    """What a job has used so far: wall-clock seconds of computing, tokens seen, joules where readable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: float = 0.0
    tokens: int = 0
    joules: float = 0.0


class Journal(BaseModel):
    """One job's journal.

    Attributes:
        attempt: the attempt that holds the job, 0 before the first claim.
        claiming: that a claim was sent whose answer was not written down yet.
        told_pause: that the coordinator knows from us that the job rests.
        computed_under: the attempt that finished the work, which the statement names.
        folder: where it lies; not written into it.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    job: str
    step: Step = Step.KNOWN
    kind: str = ""
    attempt: int = 0
    claiming: bool = False
    told_pause: bool = False
    lease_seconds: float = 0.0
    manifest_digest: str = ""
    waiting: Waiting | None = None
    spent: Spent = Spent()
    results: list[dict[str, Any]] = []
    computed_under: int = 0
    encoded: Encoded | None = None
    statement: dict[str, Any] = {}
    ended: str = ""
    said: str = ""
    since: AwareDatetime
    moved: AwareDatetime
    _folder: Path = Path()

    @classmethod
    def begin(cls, folder: Path, job: str, **known: Any) -> "Journal":
        """Start the journal of a job in ``folder``, which is made, or return the one that is there."""
        if (found := cls.read(folder)) is not None:
            return found
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        journal = cls(job=job, since=now, moved=now, **known)
        journal._folder = folder
        journal.save()
        return journal

    @classmethod
    def read(cls, folder: Path) -> "Journal | None":
        """Return the journal in ``folder``, or None where there is none that can be read."""
        try:
            journal = cls.model_validate_json((folder / FILE).read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        journal._folder = folder  # noqa: SLF001 - its own
        return journal

    @property
    def folder(self) -> Path:
        """The job's folder."""
        return self._folder

    def keep_manifest(self, envelope: dict[str, Any], *, kind: str) -> None:
        """Keep the envelope with the manifest beside the journal; it was checked before."""
        write_whole(self._folder / MANIFEST, json.dumps(envelope) + "\n")
        self.note(manifest_digest=payload_digest(envelope), kind=kind)

    @property
    def envelope(self) -> dict[str, Any]:
        """The manifest as it was signed.

        Raises:
            JobError: ``journal-damaged`` when it is not the one that was kept.
        """
        try:
            found: dict[str, Any] = json.loads((self._folder / MANIFEST).read_text(encoding="utf-8"))
            if payload_digest(found) == self.manifest_digest:
                return found
        except (OSError, ValueError, SigningError):
            pass
        raise JobError("journal-damaged", f"{self._folder / MANIFEST} is not the manifest of this job")

    @property
    def manifest(self) -> JobManifest:
        """The manifest; raises JobError as `envelope` does."""
        return parse_manifest(predicate_of(self.envelope))

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to do."""
        return self.step is not Step.DONE

    @property
    def stands(self) -> str:
        """Its step in one word for people: ``held`` and ``paused`` where it waits."""
        if self.waiting is None or not self.is_open:
            return self.step
        return "held" if self.attempt == 0 else "paused"

    def save(self) -> None:
        """Write it whole."""
        write_whole(self._folder / FILE, self.model_dump_json(indent=1) + "\n")

    def note(self, **changes: Any) -> None:
        """Set fields and write the journal down."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save()

    def reach(self, step: Step, **changes: Any) -> None:
        """Note that a step is done; from here on a restart begins after it."""
        self.note(step=step, moved=datetime.now(UTC), **changes)

    def close(self, ended: str, said: str = "") -> None:
        """Note that nothing is left to do, and why."""
        self.reach(Step.DONE, ended=ended, said=said[:400], waiting=None)


def journals(folder: Path, *, but: Collection[str] = ()) -> list[Journal]:
    """Return the journals below ``folder``, the oldest first, passing over the folders named in ``but``."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    found = (Journal.read(folder / name) for name in names if name not in but)
    return sorted((journal for journal in found if journal), key=lambda journal: (journal.since, journal.job))


def predicate_of(envelope: dict[str, Any]) -> dict[str, Any]:
    """Return what an envelope says, unchecked: for envelopes that were opened before, or are opened next."""
    try:
        return dict(json.loads(base64.b64decode(envelope["payload"]))["predicate"])
    except (ValueError, KeyError, TypeError):
        return {}
