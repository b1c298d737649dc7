"""What is known of the quality of the data, as its owner says it; computed facts stand beside it (DM:6)."""

from pydantic import Field

from catalog.datasets.record.parts import LongText, Part, Share


class Quality(Part):
    """Score and shares run from 0 to 1. ``duplication`` is the share of records that repeat another one."""

    score: Share | None = None
    method: str = Field(default="", max_length=300)
    duplication: Share | None = None
    contamination: LongText = ""
    known_bias: LongText = ""
    limits: LongText = ""
    expert_review: LongText = ""
