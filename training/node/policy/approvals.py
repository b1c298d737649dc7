"""What a person on this machine said about a job: agreed to it, declined it, paused it.

One small file beside the journal, which only the commands write and the running node only reads.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from training.node.durable import write_whole
from training.node.jobs.journal import Journal

FILE: Final = "said.json"


class Said(BaseModel):
    """The last word about one job. An agreement is to one manifest, which its digest names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agreed: Literal["", "approved", "declined"] = ""
    manifest: str = ""
    paused: bool = False
    reason: str = ""
    at: AwareDatetime | None = None


def said_about(folder: Path) -> Said:
    """Return what was said; a file that can not be read says nothing."""
    try:
        return Said.model_validate_json((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return Said()


def say(journal: Journal, *, reason: str = "", **word: str | bool) -> Said:
    """Add a word to what was said before and keep it."""
    before = said_about(journal.folder).model_dump()
    now = Said.model_validate({**before, **word, "reason": reason, "at": datetime.now(UTC)})
    write_whole(journal.folder / FILE, now.model_dump_json() + "\n")
    return now


def is_approved(journal: Journal) -> bool:
    """Whether a person agreed to just this manifest."""
    said = said_about(journal.folder)
    return said.agreed == "approved" and said.manifest == journal.manifest_digest
