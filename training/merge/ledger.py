"""How much of each contribution is in each base, and what dropping one would change, without reading a byte.

A base stays a weighted sum of updates as long as rule and server are linear. With plain addition an update
counts its coefficient, for ever. With Nesterov momentum most of it arrives in later rounds: v ← μ v + u and
base ← base + η (u + μ v) hold for coefficients just as for the arrays themselves.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.merge.parameters import parameters_of
from training.merge.resolving import find_coefficients
from training.merge.rules import RULES, SERVERS


class Held(NamedTuple):
    """How much of an update is in a base, and in the velocity that later bases will move by."""

    in_base: float
    in_velocity: float


Ledger = Mapping[str, Held]
"""By contribution digest. One that is not listed has no number: its rule or server is not linear."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A round without one of its contributions: the coefficients of the others, and how far the base moves.

    ``distance`` is the Euclidean norm of the difference between the bases, later rounds unchanged.
    """

    coefficients: Mapping[str, Fraction]
    distance: float


def next_ledger(
    parent: Ledger, coefficients: Mapping[str, Fraction] | None, server: Mapping[str, Any] | None
) -> dict[str, Held]:
    """Return the ledger of a base from its parent's, the round's coefficients, and a recipe's ``server``.

    Without coefficients (a rule that is not linear) the round's contributions get no number, older ones keep
    theirs. A server that is not linear leaves none: what it adds depends on all of them together.
    """
    if not _is_linear(server):
        return {}
    rate, momentum = _rate_and_momentum(server)
    remembers = server is not None and server.get("state") is not None
    now = {digest: float(value) for digest, value in (coefficients or {}).items()}
    found = {}
    for digest in parent.keys() | now.keys():
        before, added = parent.get(digest, Held(0.0, 0.0)), now.get(digest, 0.0)
        velocity = (momentum * before.in_velocity if remembers else 0.0) + added
        moved = rate * (added + momentum * velocity)
        found[digest] = Held(before.in_base + moved, velocity if momentum else 0.0)
    return found


def growth(server: Mapping[str, Any] | None, later: int) -> float:
    """Return how much of an aggregated update is in the base after ``later`` more rounds of this server.

    Raises:
        ValueError: the server is not linear.
    """
    if not _is_linear(server):
        raise ValueError("how an update grows has no number under a server that is not linear")
    rate, momentum = _rate_and_momentum(server)
    return rate * (1 + momentum * math.fsum(momentum**step for step in range(later + 1)))


def preview_without(
    dropped: str,
    *,
    rule: str,
    parameters: Mapping[str, Any],
    coefficients: Mapping[str, Fraction],
    gram: NDArray[np.float64],
    digests: Sequence[str],
    weights: Mapping[str, Fraction] | None = None,
    server: Mapping[str, Any] | None = None,
    later: int = 0,
) -> Preview:
    """Return what a round of a linear rule would have made without one of its contributions.

    Args:
        dropped: digest of the one that is left out.
        rule: its name.
        parameters: as in the recipe.
        coefficients: of all the round's contributions.
        gram: dot products of the updates, (updates, updates), in the order of ``digests``.
        digests: of all the round's contributions.
        weights: of those that stay; else theirs, scaled up to one.
        server: as in the recipe.
        later: how many rounds followed.

    Raises:
        MergeError: the rule can not be used for those that stay. ValueError: rule or server is not linear.
    """
    if not RULES[rule].linear:
        raise ValueError(f"{rule} has no coefficients")
    staying = [digest for digest in digests if digest != dropped]
    places = [place for place, digest in enumerate(digests) if digest != dropped]
    said = {name: value for name, value in parameters.items() if name != "coefficients"}
    if "weights" in said:
        said["weights"] = dict(weights) if weights else _scaled(said["weights"], staying)
    given = parameters_of(rule, said, staying)
    anew = find_coefficients(given, staying, gram[np.ix_(places, places)])
    change = np.array([float(anew.get(digest, 0) - coefficients[digest]) for digest in digests])
    distance = math.sqrt(max(float(change @ gram @ change), 0.0)) * growth(server, later)
    return Preview(anew, distance)


def _scaled(weights: Mapping[str, Any], staying: Sequence[str]) -> dict[str, Fraction]:
    left = {digest: Fraction(weights[digest]) for digest in staying}
    total = sum(left.values())
    return {digest: weight / total for digest, weight in left.items()}


def _is_linear(server: Mapping[str, Any] | None) -> bool:
    return server is None or SERVERS[server["name"]].linear


def _rate_and_momentum(server: Mapping[str, Any] | None) -> tuple[float, float]:
    if server is None or server["name"] == "plain":
        return 1.0, 0.0
    return float(Fraction(server["rate"])), float(Fraction(server["momentum"]))
