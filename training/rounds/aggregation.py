"""From what the members had voted for to what a recipe says: rule, parameters, outer optimizer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import SERVERS, VOTED, Weights, are_equal, rule_and_parameters, weigh
from training.rounds.models import Round

NO_CAP: Final = 100  # per cent, for rounds that opened before there was a rule
SEED_DIGITS: Final = 13  # hex: the largest number of that length is one that every reader of JSON keeps
LEAST_FOR_KRUM: Final = 3


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How updates become the next base, before anything is computed.

    Attributes:
        rule: its name in `training.merge.RULES`.
        parameters: as a recipe says them, without the coefficients that a merge finds.
        server: the outer optimizer as a recipe says it, without its state; None for the plain one.
    """

    rule: str
    parameters: Mapping[str, Any]
    server: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    """What a rule's parameters are made of: the round's votes, and whose updates there are."""

    votes: Mapping[str, int]
    weights: Weights
    seed: int

    @property
    def count(self) -> int:
        return len(self.weights)

    @property
    def hostile(self) -> int:
        return self.votes.get("merge.hostile", 0)

    @property
    def weighted(self) -> dict[str, Any]:
        """The weights, where the cap makes some differ."""
        if are_equal(self.weights):
            return {}
        return {"weights": {digest: str(self.weights[digest]) for digest in sorted(self.weights)}}

    def per_cent(self, key: str) -> Fraction:
        return Fraction(self.votes[key], 100)


def _mean(given: _Given) -> tuple[str, dict[str, Any]]:
    return rule_and_parameters(given.weights, given.votes.get("weighting.influence_cap", NO_CAP))


def _krum(given: _Given) -> tuple[str, dict[str, Any]]:
    if given.count < LEAST_FOR_KRUM:
        return _mean(given)
    return "krum", {"hostile": min(given.hostile, (given.count - 3) // 2)}


def _multi_krum(given: _Given) -> tuple[str, dict[str, Any]]:
    rule, parameters = _krum(given)
    if rule != "krum":
        return rule, parameters
    return "multi-krum", parameters | {"chosen": given.count - parameters["hostile"]}


def _trimmed(given: _Given) -> tuple[str, dict[str, Any]]:
    return "trimmed-mean", {"trim": min(given.hostile, (given.count - 1) // 2)}


_RULES: Final[Mapping[str, Callable[[_Given], tuple[str, dict[str, Any]]]]] = {
    "mean": _mean,
    "norm-clipped-mean": lambda given: (
        "norm-clipped-mean",
        {"clip": str(given.per_cent("merge.clip")), **given.weighted},
    ),
    "krum": _krum,
    "multi-krum": _multi_krum,
    "geometric-median": lambda given: ("geometric-median", given.weighted),
    "coordinate-median": lambda _given: ("coordinate-median", {}),
    "trimmed-mean": _trimmed,
    "ties": lambda given: ("ties", {"density": str(given.per_cent("merge.density"))}),
    "dare": lambda given: ("dare", {"drop": str(1 - given.per_cent("merge.density")), "seed": given.seed}),
}
"""By the name that was voted for: what is used. With too few updates for the voted number of hostile ones the
largest number that fits is reckoned with; Krum and multi-Krum of fewer than three updates are the mean."""


def aggregation_in(round_: Round, contributions: Sequence[Contribution]) -> Aggregation:
    """Return how these contributions are merged under the rules that the round opened under.

    Rounds from before there were votes on it merge by the mean. DARE draws from the digest of the round's
    base, so that a replay on another base draws the same.
    """
    members = {each.digest: each.job.node.member.slug for each in contributions}
    weights = weigh(members, int(round_.rules.get("weighting.influence_cap", NO_CAP)))
    given = _Given(round_.rules, weights, int(round_.base.digest[:SEED_DIGITS], 16))
    rule, parameters = _RULES[voted_rule(round_)](given)
    server = voted_server(round_)
    return Aggregation(rule, parameters, None if server == "plain" else {"name": server})


def voted_rule(round_: Round) -> str:
    """Return the name of the rule that the members had voted for when the round opened."""
    return VOTED[int(round_.rules.get("merge.rule", 0))]


def voted_server(round_: Round) -> str:
    """Return the name of the outer optimizer that the members had voted for when the round opened."""
    return list(SERVERS)[int(round_.rules.get("merge.server", 0))]


def is_adapted(round_: Round, recipe: Mapping[str, Any]) -> bool:
    """Tell whether too few updates came in for what was voted: another rule, or fewer hostile ones."""
    voted, used, said = voted_rule(round_), recipe["rule"], recipe["parameters"]
    if voted not in (used, "mean"):
        return True
    hostile = said.get("hostile", said.get("trim"))
    return hostile is not None and hostile < int(round_.rules.get("merge.hostile", 0))


def server_on(base: Checkpoint, aggregation: Aggregation) -> dict[str, Any] | None:
    """Return the outer optimizer with the state of the base that it goes on from.

    It begins from nothing where the base has no state, or one of an optimizer that remembers other things.
    """
    if aggregation.server is None:
        return None
    before = base.recipe.get("server") or {"name": "plain"}
    alike = SERVERS[before["name"]].arrays == SERVERS[aggregation.server["name"]].arrays
    state = base.server_state_sha256 if alike else ""
    return {**aggregation.server, "state": state or None}
