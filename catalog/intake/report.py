"""What came of an import: counts, samples, reasons. One object that a file keeps and a person reads."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from catalog.intake.normalising import Normalised

MOST_SAMPLES: Final = 5


@dataclass(slots=True)
class Report:
    """Counts per outcome and per field; samples are ``{line, what}``. Times in seconds."""

    created: int = 0
    submitted: int = 0
    published: int = 0
    known: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    normalised: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seconds: float = 0.0
    statements: int = 0

    def take(self, number: int, made: Normalised) -> None:
        """Count what was done to one description."""
        self.licences[made.record["licence"]] += 1
        for kind, notes in (("normalised", made.normalised), ("unknown", made.unknown)):
            getattr(self, kind).update(notes.keys())
            for name, what in notes.items():
                samples = self.samples.setdefault(f"{kind}: {name}", [])
                if len(samples) < MOST_SAMPLES:
                    samples.append({"line": number, "what": what})

    def refuse(self, number: int, reason: str) -> None:
        """Note that a line made no entry, and why."""
        self.refused.append({"line": number, "reason": reason})

    @property
    def seen(self) -> int:
        """How many lines were read."""
        return self.created + self.known + len(self.refused)

    def as_json(self) -> dict[str, Any]:
        """Return everything as JSON, the commonest first."""
        made = max(self.created, 1)
        return {
            "seen": self.seen,
            "created": self.created,
            "submitted": self.submitted,
            "published": self.published,
            "known already": self.known,
            "refused": len(self.refused),
            "refusals": self.refused,
            "normalised": dict(self.normalised.most_common()),
            "unknown": dict(self.unknown.most_common()),
            "licences": dict(self.licences.most_common()),
            "samples": self.samples,
            "seconds": round(self.seconds, 1),
            "seconds per entry": round(self.seconds / made, 4),
            "SQL statements per entry": round(self.statements / made, 1),
        }
