"""Words that stand in one place each, so that whoever finds one knows what was told to whom."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much of an entry a canary gives away."""

    EXISTENCE = "existence"
    TITLE = "title"
    SUMMARY = "summary"
    DETAILS = "details"
    MANIFEST = "manifest"
    COLUMNS = "columns"
    BYTES = "bytes"
    REQUEST = "request"


@dataclass
class Planted:
    """One entry of the world: its tier, its state, its canaries by level, and the values its routes take."""

    tier: str
    state: str
    canaries: dict[Level, list[str]]
    places: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.tier}, {self.state}"


def canary(level: str) -> str:
    """A word that nobody writes by chance: a letter first, so that it is no number and no language."""
    return f"z{level[:2]}{secrets.token_hex(6)}q"


def found_in(told: bytes, planted: Planted, *, address: str) -> set[Level]:
    """Which levels of the entry an answer gives away; what the address itself says, its asker knew."""
    return {
        level
        for level, words in planted.canaries.items()
        if any(word not in address and word.encode() in told for word in words)
    }
