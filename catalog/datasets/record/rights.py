"""What the holder permits, and where data of a tier other than open may be (DG:3)."""

from pydantic import Field

from catalog.datasets.record.parts import Country, Known, Part
from catalog.datasets.vocabulary import TechnicalControl


class Rights(Part):
    """The four questions of DG:3, answered by the holder; ``unknown`` is an answer and permits nothing."""

    commercial_use: Known
    model_training: Known
    redistribution: Known
    attribution: Known


class Residency(Part):
    """Where data of a tier other than open may be, what may leave there, and what guards it."""

    boundary: str = Field(min_length=1, max_length=200)
    storage: list[Country] = Field(min_length=1, max_length=50)
    processing: list[Country] = Field(min_length=1, max_length=50)
    raw_may_leave: bool
    derived_may_leave: bool
    updates_may_leave: bool
    controls: list[TechnicalControl] = Field(default=[], max_length=20)
    epsilon: float | None = Field(default=None, gt=0, le=1000)
