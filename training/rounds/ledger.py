"""How much of each contribution is in each base, kept in a row for each: what a rollback's preview reads.

Rows follow from the parent's, the coefficients of the recipe and the outer optimizer. What was merged by a
rule that is not linear has none: only replay tells what it did; older rows are carried on. An optimizer that
is not linear leaves no rows at all, and those of later bases tell of what came after it.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import RULES
from training.merge.ledger import Held, next_ledger
from training.rounds.merge_models import Coefficient


class Content(NamedTuple):
    """A contribution in a base: its share there, and what an optimizer still carries into later ones."""

    contribution: Contribution
    in_base: float
    in_velocity: float


def write_ledger(checkpoint: Checkpoint) -> None:
    """Write the rows of a base, or of a replayed one, in its transaction; two reads and one write.

    Its parent's rows are written. A second call changes nothing: the rows follow from the recipes.
    """
    recipe = checkpoint.recipe
    held = next_ledger(_ledger_of(checkpoint.parent), coefficients_in(recipe), recipe.get("server"))
    known = dict(Contribution.objects.filter(digest__in=held).values_list("digest", "pk"))
    rows = [
        Coefficient(
            checkpoint=checkpoint,
            contribution_id=known[digest],
            in_base=share.in_base,
            in_velocity=share.in_velocity,
        )
        for digest, share in sorted(held.items())
    ]
    Coefficient.objects.bulk_create(rows, ignore_conflicts=True)


def coefficients_in(recipe: Mapping[str, Any]) -> dict[str, Fraction] | None:
    """Return how much of each update is in what a recipe aggregates; None where the rule is not linear."""
    rule = RULES.get(recipe["rule"])
    if rule is None or not rule.linear:
        return None
    digests, said = recipe["contributions"], recipe["parameters"]
    found = said.get("coefficients") or said.get("weights")
    if found is None:
        return dict.fromkeys(digests, Fraction(1, len(digests)))
    return {digest: Fraction(found[digest]) for digest in digests}


def contents_of(checkpoint: Checkpoint) -> list[Content]:
    """Return what is known to be in a base, the largest share first; nothing for what is no base."""
    rows = checkpoint.coefficients.select_related("contribution__job__node__member", "contribution__round")
    found = [Content(row.contribution, row.in_base, row.in_velocity) for row in rows]
    return sorted(found, key=lambda each: (-abs(each.in_base), each.contribution.digest))


def _ledger_of(parent: Checkpoint | None) -> dict[str, Held]:
    if parent is None:
        return {}
    rows = parent.coefficients.values_list("contribution__digest", "in_base", "in_velocity")
    return {digest: Held(in_base, in_velocity) for digest, in_base, in_velocity in rows}
