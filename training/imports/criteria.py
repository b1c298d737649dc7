"""What candidates for a start are judged by, declared before anybody measures; and the points for a figure.

A criterion gives 100 points to the best of the candidates and to the others in proportion, so that no scale
has to be agreed on. The total is the mean, weighted as declared.
"""

import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provenance.errors import Invalid


class Measure(StrEnum):
    """What can be measured. bits-per-byte and tokens-per-byte need a dataset; lower is better for both."""

    BITS_PER_BYTE = "bits-per-byte"
    TOKENS_PER_BYTE = "tokens-per-byte"
    PARAMETERS = "parameters"
    POSITIONS = "positions"
    PERMISSIVE_LICENCE = "permissive-licence"


MORE_IS_BETTER: Final = frozenset({Measure.POSITIONS, Measure.PERMISSIVE_LICENCE})
ON_DATA: Final = frozenset({Measure.BITS_PER_BYTE, Measure.TOKENS_PER_BYTE})


class Criterion(BaseModel):
    """One criterion: its name, its weight, what is measured, and on the newest version of which dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=100)]
    weight: Annotated[int, Field(ge=1, le=100)]
    measure: Measure
    dataset: Annotated[str, Field(max_length=100)] = ""


class Criteria(BaseModel):
    """A declared list of criteria. ``bytes`` bounds the held-out text that is read of each dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(min_length=1, max_length=200)]
    bytes: Annotated[int, Field(ge=1_000, le=10_000_000)] = 200_000
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=50)]


def read_criteria(path: Path) -> Criteria:
    """Read a TOML file with ``title`` and ``[[criteria]]``.

    Raises:
        Invalid: ``criteria-malformed``, naming each field. OSError: the file can not be read.
    """
    try:
        found = Criteria.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"This is not TOML: {error}", code="criteria-malformed") from None
    except ValidationError as error:
        fields = {".".join(map(str, item["loc"])): [item["msg"]] for item in error.errors()}
        raise Invalid("The criteria break their schema.", code="criteria-malformed", fields=fields) from None
    wrong = [each.name for each in found.criteria if (each.measure in ON_DATA) != bool(each.dataset)]
    if wrong or len({each.name for each in found.criteria}) < len(found.criteria):
        fields = {name: ["a dataset for measures on data, none for others"] for name in wrong}
        raise Invalid(
            "Each criterion has a name of its own, and a dataset where it is measured on data.",
            code="criteria-malformed",
            fields=fields,
        )
    return found


def points(criterion: Criterion, figures: Mapping[str, float]) -> dict[str, float]:
    """Return the points of each candidate, 0 to 100, from its figure (none negative)."""
    if criterion.measure in MORE_IS_BETTER:
        best = max(figures.values())
        return {key: 100 * value / best if best else 0.0 for key, value in figures.items()}
    best = min(figures.values())
    return {key: 100 * best / value if value else 100.0 for key, value in figures.items()}


def totals(criteria: Sequence[Criterion], given: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the weighted mean of the points, by candidate; ``given`` is points by criterion's name."""
    whole = sum(each.weight for each in criteria)
    keys = next(iter(given.values())).keys()
    return {key: sum(each.weight * given[each.name][key] for each in criteria) / whole for key in keys}
