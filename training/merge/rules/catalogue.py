"""Every rule and every outer optimizer that a round may name, with its source and what it promises.

The order of both lists is a contract: governance keeps a choice as its place in `VOTED` and `SERVERS`, so
entries are added at the end and never moved.
"""

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
        parameters: the names of those that its recipe states.
        found: whether its coefficients are found from dot products, and so stand in the recipe.
        voted: whether a vote may choose it; the weighted mean follows from the influence cap instead.
    """

    name: str
    paper: str
    breakdown: str
    linear: bool
    parameters: tuple[str, ...] = ()
    found: bool = False
    voted: bool = True


@dataclass(frozen=True, slots=True)
class ServerRule:
    """What is done with the aggregated update before it moves the base.

    Attributes:
        name: what a recipe calls it.
        paper: where it comes from.
        linear: whether a base stays a weighted sum of all updates before it.
        arrays: how many numbers of state each element of the base has.
        parameters: the names of those that its recipe states.
    """

    name: str
    paper: str
    linear: bool
    arrays: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


_KRUM: Final = "Blanchard et al. 2017, arXiv:1703.02757"
_YIN: Final = "Yin et al. 2018, arXiv:1803.01498"
_FEDAVG: Final = "McMahan et al. 2017, arXiv:1602.05629"
_REDDI: Final = "Reddi et al. 2020, arXiv:2003.00295"

_RULES: Final = (
    Rule("mean", _FEDAVG, "0", linear=True),
    Rule("weighted-mean", _FEDAVG, "0", linear=True, parameters=("influence_cap", "weights"), voted=False),
    Rule(
        "norm-clipped-mean",
        "Sun et al. 2019, arXiv:1911.07963",
        "0, with bounded influence",
        linear=True,
        parameters=("clip", "weights", "coefficients"),
        found=True,
    ),
    Rule("krum", _KRUM, "f < (n - 2) / 2", linear=True, parameters=("hostile", "coefficients"), found=True),
    Rule(
        "multi-krum",
        _KRUM,
        "f < (n - 2) / 2",
        linear=True,
        parameters=("hostile", "chosen", "coefficients"),
        found=True,
    ),
    Rule(
        "geometric-median",
        "Pillutla et al. 2019, arXiv:1912.13445",
        "less than n / 2",
        linear=True,
        parameters=("weights", "coefficients"),
        found=True,
    ),
    Rule("coordinate-median", _YIN, "less than n / 2", linear=False),
    Rule("trimmed-mean", _YIN, "as many as are cut off at each end", linear=False, parameters=("trim",)),
    Rule("ties", "Yadav et al. 2023, arXiv:2306.01708", "0", linear=False, parameters=("density",)),
    Rule("dare", "Yu et al. 2023, arXiv:2311.03099", "0", linear=False, parameters=("drop", "seed")),
)

_ADAPTIVE: Final = ("rate", "first", "second", "adaptivity", "state")
_SERVERS: Final = (
    ServerRule("plain", _FEDAVG, linear=True),
    ServerRule(
        "nesterov",
        "Douillard et al. 2023, arXiv:2311.08105",
        linear=True,
        arrays=("velocity",),
        parameters=("rate", "momentum", "state"),
    ),
    ServerRule("adam", _REDDI, linear=False, arrays=("mean", "spread"), parameters=_ADAPTIVE),
    ServerRule("yogi", _REDDI, linear=False, arrays=("mean", "spread"), parameters=_ADAPTIVE),
)

RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _RULES}
"""By name, mean first."""
VOTED: Final = tuple(rule.name for rule in _RULES if rule.voted)
"""What a vote may choose, mean first."""
SERVERS: Final[Mapping[str, ServerRule]] = {server.name: server for server in _SERVERS}
"""By name, plain first; a vote may choose any."""
