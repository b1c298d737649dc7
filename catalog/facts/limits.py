"""How much one inspection may take before it is ended."""

from dataclasses import dataclass
from typing import Final

INSPECTOR: Final = "2026-11-1"
"""Version of the rules in this package; kept with each result, raised when results would change."""

CHUNK: Final = 1 << 20
"""Bytes read at a time."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one inspection.

    Attributes:
        seconds: wall clock and processor time of the child.
        memory_bytes: resident set of the child; its address space is bounded a fixed headroom above.
        unpacked_bytes: what all archives and compressed streams inside may come to.
        members: files inside archives, all levels together.
        nesting: how deep archives and compressed streams may lie inside one another.
        ratio: unpacked bytes per packed byte, judged once more than ``RATIO_FROM`` bytes came out.
        longest_record: bytes of one line, row or document that is read as a whole.
    """

    seconds: int = 3600
    memory_bytes: int = 500_000_000
    unpacked_bytes: int = 200_000_000_000
    members: int = 100_000
    nesting: int = 3
    ratio: int = 250
    longest_record: int = 16 << 20


RATIO_FROM: Final = 16 << 20
