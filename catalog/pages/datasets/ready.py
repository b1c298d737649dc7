"""For which stages of the pipeline an entry is ready, as a page shows it."""

from dataclasses import dataclass

from catalog.cards.completeness import Completeness, Gap, Readiness
from catalog.design.terms import label_of


@dataclass(frozen=True, slots=True)
class ShownStage:
    """One permitted stage by its name; ``stops`` are the gaps that keep it from being ready."""

    name: str
    ready: bool
    score: int
    stops: tuple[Gap, ...]
    helps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class ReadyFor:
    """``stages`` are the permitted ones; ``closed`` the names of the others."""

    score: int
    stages: tuple[ShownStage, ...]
    closed: tuple[str, ...]


def ready_for(found: Completeness | None) -> ReadyFor | None:
    """Put completeness into words; None stays None, for a reader who is told nothing of it."""
    if found is None:
        return None
    return ReadyFor(
        score=found.score,
        stages=tuple(_shown(each) for each in found.permitted),
        closed=tuple(label_of("stage", each.stage) for each in found.stages if not each.permitted),
    )


def _shown(stage: Readiness) -> ShownStage:
    return ShownStage(
        name=label_of("stage", stage.stage),
        ready=stage.ready,
        score=stage.score,
        stops=tuple(gap for gap in stage.gaps if gap.stops),
        helps=tuple(gap for gap in stage.gaps if not gap.stops),
    )
