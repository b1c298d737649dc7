from dataclasses import dataclass
from enum import StrEnum

from catalog.proposals.wording import wording_of


class Level(StrEnum):
    """Whether a finding stops a submission, or only says how the entry gets better."""

    BLOCKER = "blocker"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about a record. ``field`` is a dotted path such as ``rights.model_training``."""

    level: Level
    field: str
    code: str
    requirement: str
    message: str
    remedy: str


def blocker(field: str, code: str, message: str, **changes: str) -> Finding:
    """Return a finding that stops a submission; requirement and remedy are the field's own, unless given."""
    return _finding(Level.BLOCKER, field, code, message, changes)


def advice(field: str, code: str, message: str, **changes: str) -> Finding:
    """Return a finding that says how the entry gets better; otherwise as ``blocker``."""
    return _finding(Level.ADVICE, field, code, message, changes)


def _finding(level: Level, field: str, code: str, message: str, changes: dict[str, str]) -> Finding:
    words = wording_of(field)
    known = {"requirement": words.requirement, "remedy": str(words.remedy), **changes}
    return Finding(level=level, field=field, code=code, message=message, **known)
