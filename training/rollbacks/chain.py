"""The bases that one base came from, and what was merged into each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rounds.models import Round

ANCESTORS = """
WITH RECURSIVE chain(id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM training_checkpoint WHERE id = %s
    UNION ALL
    SELECT parent.id, parent.parent_id, chain.depth + 1
    FROM chain JOIN training_checkpoint parent ON parent.id = chain.parent_id
)
SELECT checkpoint.* FROM training_checkpoint checkpoint JOIN chain USING (id) ORDER BY chain.depth DESC
"""


@dataclass(frozen=True, slots=True)
class Link:
    """A base, or a replayed one, with what was merged into its parent to make it, in the order of digests."""

    base: Checkpoint
    contributions: tuple[Contribution, ...]

    @property
    def round(self) -> Round:
        """The round under whose rules it is merged: all that a base is made of counts in one round.

        Raises:
            LookupError: nothing was merged into it: it is the first of its family.
        """
        if not self.contributions:
            raise LookupError(f"{self.base} was not merged")
        return self.contributions[0].round


def chain_of(head: Checkpoint) -> list[Link]:
    """Return ``head`` and all that it came from, the first base of the family first; two queries."""
    bases = list(Checkpoint.measured.raw(ANCESTORS, [head.pk]))
    merged = _by_digest([digest for base in bases for digest in _digests(base)])
    return [Link(base, tuple(merged[digest] for digest in sorted(_digests(base)))) for base in bases]


def digests_in(links: Sequence[Link]) -> frozenset[str]:
    """Return the digests of all contributions that these bases were made of."""
    return frozenset(each.digest for link in links for each in link.contributions)


def _digests(base: Checkpoint) -> list[str]:
    return list(base.recipe.get("contributions", ()))


def _by_digest(digests: Sequence[str]) -> dict[str, Contribution]:
    rows = Contribution.objects.filter(digest__in=digests)
    told = rows.select_related("round__family", "round__base", "job__round__base", "job__node__member")
    return {each.digest: each for each in told}
