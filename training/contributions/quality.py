"""The least improvement that the members voted for, held against what a node says under its signature."""

from collections.abc import Mapping
from typing import Any

from training.admission import Finding


def below_floor(summary: Mapping[str, Any], floor: int) -> Finding | None:
    """Return a finding if training lowered the loss by less than ``floor`` per cent; 0 asks for nothing.

    ``summary`` holds ``first_loss`` and ``last_loss``: mean cross-entropies on the node's own data.
    """
    first, last = float(summary["first_loss"]), float(summary["last_loss"])
    improved = 100 * (first - last) / first if first else 0.0
    if not floor or improved >= floor:
        return None
    detail = f"the loss fell by {improved:.3g} %, at least {floor} % is admitted"
    return Finding("below-quality-floor", "", detail)
