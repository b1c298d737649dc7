"""For which stages of the pipeline an entry is ready, as a page shows it."""

from dataclasses import dataclass

from catalog.cards.completeness import Completeness, Readiness
from catalog.design.terms import label_of


@dataclass(frozen=True, slots=True)
class ReadyFor:
    """``stages`` are the permitted ones with their names; ``closed`` the names of the others."""

    score: int
    stages: tuple[tuple[str, Readiness], ...]
    closed: tuple[str, ...]


def ready_for(found: Completeness | None) -> ReadyFor | None:
    """Put completeness into words; None stays None, for a reader who is told nothing of it."""
    if found is None:
        return None
    return ReadyFor(
        score=found.score,
        stages=tuple((label_of("stage", each.stage), each) for each in found.permitted),
        closed=tuple(label_of("stage", each.stage) for each in found.stages if not each.permitted),
    )
