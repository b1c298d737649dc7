"""How much each contribution weighs in a merge: equally, unless one member would weigh too much.

Exact fractions, so that everybody who computes them again gets the same ones (INV-5).
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

MEAN: Final = "mean"
WEIGHTED: Final = "weighted-mean"

Weights = Mapping[str, Fraction]
"""By contribution digest; they add up to one."""


def capped_shares(contributions: Mapping[str, int], cap: int) -> dict[str, Fraction]:
    """Return each member's share of a merge, from how many contributions it made (at least one each).

    A share is proportional, but at most ``cap`` per cent; what is above goes to the others in equal parts,
    again and again until nobody is above. With too few members for the cap, each has the same share.
    """
    total = sum(contributions.values())
    shares = {member: Fraction(count, total) for member, count in contributions.items()}
    most = max(Fraction(cap, 100), Fraction(1, max(len(shares), 1)))
    free = set(shares)
    while over := {member for member in free if shares[member] > most}:
        excess = sum((shares[member] - most for member in over), Fraction(0))
        free -= over
        shares |= dict.fromkeys(over, most)
        shares |= {member: shares[member] + excess / len(free) for member in free}
    return shares


def weigh(members: Mapping[str, str], cap: int) -> dict[str, Fraction]:
    """Return the weight of each contribution, from its digest and the member whose it is.

    Args:
        members: slug of the member by contribution digest.
        cap: most per cent that all contributions of one member weigh together.
    """
    counts = Counter(members.values())
    shares = capped_shares(counts, cap)
    return {digest: shares[member] / counts[member] for digest, member in members.items()}


def are_equal(weights: Weights) -> bool:
    """Tell whether the plain mean is the same."""
    return len(set(weights.values())) <= 1


def rule_and_parameters(weights: Weights, cap: int | None = None) -> tuple[str, dict[str, Any]]:
    """Return what a recipe says of the weights, and of the cap they are from; the plain mean says nothing."""
    if are_equal(weights):
        return MEAN, {}
    said = {digest: str(weights[digest]) for digest in sorted(weights)}
    return WEIGHTED, {"weights": said} if cap is None else {"influence_cap": cap, "weights": said}


def weights_of(recipe: Mapping[str, Any]) -> list[Fraction] | None:
    """Return a recipe's weights in the order in which contributions are summed; None for the plain mean."""
    if recipe["rule"] != WEIGHTED:
        return None
    said = recipe["parameters"]["weights"]
    return [Fraction(said[digest]) for digest in recipe["contributions"]]
