"""Every rule that a round may name, with its source and what it promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of aggregation.

    Attributes:
        name: what a recipe calls it.
        paper: where it comes from.
        breakdown: how many of n updates may be anything at all before the result can be anything at all.
        linear: whether the result is a weighted sum of the updates, so that "how much of X is in the base"
            has a number, and a preview without X needs no pass over the bytes.
    """

    name: str
    paper: str
    breakdown: str
    linear: bool


_RULES: Final = (
    Rule("mean", "McMahan et al. 2017, arXiv:1602.05629", "0", linear=True),
    Rule("weighted-mean", "McMahan et al. 2017, arXiv:1602.05629", "0", linear=True),
    Rule("norm-clipped-mean", "Sun et al. 2019, arXiv:1911.07963", "0, with bounded influence", linear=True),
    Rule("krum", "Blanchard et al. 2017, arXiv:1703.02757", "f < (n - 2) / 2", linear=True),
    Rule("multi-krum", "Blanchard et al. 2017, arXiv:1703.02757", "f < (n - 2) / 2", linear=True),
    Rule("geometric-median", "Pillutla et al. 2019, arXiv:1912.13445", "less than n / 2", linear=True),
    Rule("coordinate-median", "Yin et al. 2018, arXiv:1803.01498", "less than n / 2", linear=False),
    Rule(
        "trimmed-mean",
        "Yin et al. 2018, arXiv:1803.01498",
        "as many as are cut off at each end",
        linear=False,
    ),
    Rule("ties", "Yadav et al. 2023, arXiv:2306.01708", "0", linear=False),
    Rule("dare", "Yu et al. 2023, arXiv:2311.03099", "0", linear=False),
)

RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _RULES}
"""By name."""
