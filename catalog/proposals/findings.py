from dataclasses import dataclass
from enum import StrEnum


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
