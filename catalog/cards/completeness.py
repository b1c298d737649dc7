"""How complete an entry is for each stage of the pipeline, in words and as a number with a definition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise

from catalog.cards.needs import NEEDS, Need
from catalog.datasets.models import DatasetVersion
from catalog.datasets.vocabulary import UNKNOWN_LICENCE
from catalog.interchange.disclosure import may_read_details
from catalog.tiers import TRAINING_STAGES, Stage, Tier
from provenance.actors import Actor

STOPS: Final = 4  # the weight of an answer without which a stage is not ready
NO_ANSWER: Final[tuple[Any, ...]] = (None, "", [], {}, UNKNOWN_LICENCE)


@dataclass(frozen=True, slots=True)
class Gap:
    """One missing answer; ``stops`` tells that a stage is not ready without it."""

    path: str
    sentence: str | Promise
    stops: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """One stage: ``score`` is the share of its weights that is answered, in per cent, rounded down."""

    stage: Stage
    permitted: bool
    score: int
    gaps: tuple[Gap, ...]

    @property
    def ready(self) -> bool:
        """Whether the owner permits it and nothing that stops it is missing."""
        return self.permitted and not any(gap.stops for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Completeness:
    """All six stages, and one score over the permitted ones (over all, while none is permitted).

    The score is the sum of the weights of the answers given, divided by that of the answers asked, each
    counted once however many stages need it, in per cent, rounded down: 100 means that nothing is missing.
    """

    score: int
    stages: tuple[Readiness, ...]

    @property
    def permitted(self) -> tuple[Readiness, ...]:
        """The stages for which the owner lets the data be used."""
        return tuple(stage for stage in self.stages if stage.permitted)


def completeness_of(record: Mapping[str, Any], *, has_files: bool, has_facts: bool) -> Completeness:
    """Judge a record, which may be a draft's; whether it has files and facts is for the caller to know."""
    permitted = _permitted(record)
    asked = [need for need in NEEDS if need.applies(record)]
    counted = permitted or set(Stage)
    extras = {"files": has_files or bool(record.get("located_at")), "facts": has_facts}
    missing = {need.path for need in asked if not _is_answered(record, need, extras)}
    return Completeness(
        score=_score([need for need in asked if need.stages & counted], missing),
        stages=tuple(_readiness(stage, stage in permitted, asked, missing) for stage in Stage),
    )


def completeness_for(actor: Actor, version: DatasetVersion) -> Completeness | None:
    """Return a version's completeness in two queries; None for whoever may not read all that it rests on.

    Private data are judged on their node alone.
    """
    if version.tier == Tier.PRIVATE or not may_read_details(actor, version):
        return None
    return completeness_of(
        version.record, has_files=version.files.exists(), has_facts=version.entry_facts.exists()
    )


def _permitted(record: Mapping[str, Any]) -> set[Stage]:
    """Return the stages that the owner lets the data into; a refusal of training outweighs them."""
    wanted, rights = record.get("permitted_stages"), record.get("rights")
    refused = TRAINING_STAGES if isinstance(rights, Mapping) and rights.get("model_training") is False else ()
    return {stage for stage in Stage if isinstance(wanted, list) and stage in wanted and stage not in refused}


def _readiness(stage: Stage, permitted: bool, asked: Iterable[Need], missing: set[str]) -> Readiness:
    own = [need for need in asked if stage in need.stages]
    gaps = [
        Gap(need.path, need.missing, need.weight >= STOPS)
        for need in sorted(own, key=lambda need: -need.weight)
        if need.path in missing
    ]
    return Readiness(stage, permitted, _score(own, missing), tuple(gaps))


def _score(asked: Iterable[Need], missing: set[str]) -> int:
    weights = [(need.weight, need.path not in missing) for need in asked]
    total = sum(weight for weight, _answered in weights)
    return 100 * sum(weight for weight, answered in weights if answered) // total if total else 100


def _is_answered(record: Mapping[str, Any], need: Need, extras: Mapping[str, bool]) -> bool:
    if need.path in extras:
        return extras[need.path]
    value: Any = record
    for name in need.path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if need.path == "size.records" and extras["facts"]:
        return True
    if need.path == "screening" and isinstance(value, Mapping):
        return any(found != UNKNOWN_LICENCE for found in value.values())
    return value not in NO_ANSWER
