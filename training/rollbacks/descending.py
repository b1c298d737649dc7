"""What descends from what is taken out, whose it is, and what is planned with it (DESIGN §7).

Computed the same way before the vote, as a preview, and when the vote has passed, when it is kept.
"""

from collections.abc import Collection, Iterator

from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.derivatives.models import Derivative, DerivativeState
from training.families.models import ModelFamily
from training.nodes.models import BuildReport
from training.rollbacks.models import Descendant, DescendantKind, DescendantPlan
from training.rollbacks.removal import Removal
from training.rounds.models import Round
from training.rounds.states import ENDED


def open_rounds(family: ModelFamily) -> list[Round]:
    """Return the rounds that start from the family's newest base and have not ended."""
    return list(family.rounds.exclude(state__in=ENDED).select_related("family"))


def descendants_of(removal: Removal, rounds: Collection[Round] | None = None) -> list[Descendant]:
    """Return everything that descends from what is taken out, each with its plan, not saved.

    ``rounds`` are those that the vote ended; without it those that it would end.
    """
    running = open_rounds(removal.head.family) if rounds is None else rounds
    held = [turn.link.base for turn in removal.turns]
    return [
        *_bases(removal),
        *_rounds(running),
        *_contributions(removal),
        *_taught(removal, held),
        *_builds(held),
        *_derivatives(held),
    ]


def _bases(removal: Removal) -> Iterator[Descendant]:
    for turn in removal.turns:
        base = turn.link.base
        yield _row(DescendantKind.BASE, f"checkpoint:{base.digest}", str(base), DescendantPlan.REPLACED)


def _rounds(running: Collection[Round]) -> Iterator[Descendant]:
    for round_ in running:
        yield _row(DescendantKind.ROUND, f"round:{round_.pk}", str(round_), DescendantPlan.ABANDONED)


def _contributions(removal: Removal) -> Iterator[Descendant]:
    """Those of the family that began from a base that held it: level 2 leaves them out, level 1 does not."""
    dropped = {each.pk for each in removal.dropped}
    for each in removal.trained_on_it:
        yield _contribution(each, DescendantPlan.DROPPED if each.pk in dropped else DescendantPlan.KEPT)


def _taught(removal: Removal, held: Collection[Checkpoint]) -> Iterator[Descendant]:
    """Contributions to other families whose teacher held it: their own members have to look at them."""
    digests = [base.digest for base in held]
    taught = Contribution.objects.filter(
        job__round__plan__teacher__in=digests, state=ContributionState.MERGED
    )
    others = taught.exclude(round__family=removal.head.family_id)
    for each in others.select_related("job__node__member", "round__family"):
        yield _contribution(each, DescendantPlan.REVIEW)


def _contribution(each: Contribution, plan: DescendantPlan) -> Descendant:
    node = each.job.node
    name = f"contribution of {node.slug} to {each.round}"
    return _row(DescendantKind.CONTRIBUTION, f"contribution:{each.digest}", name, plan, node.member_id)


def _builds(held: Collection[Checkpoint]) -> Iterator[Descendant]:
    builds = BuildReport.objects.filter(base__in=held).select_related("node", "base__family")
    for build in builds:
        name = f"build on {build.node.slug} from {build.base}"
        member = build.node.member_id
        yield _row(DescendantKind.BUILD, f"build:{build.key}", name, DescendantPlan.REVIEW, member)


def _derivatives(held: Collection[Checkpoint]) -> Iterator[Descendant]:
    rows = Derivative.objects.filter(base__in=held, state=DerivativeState.REGISTERED)
    for each in rows:
        plan = DescendantPlan.REVIEW
        yield _row(DescendantKind.DERIVATIVE, f"derivative:{each.slug}", each.name, plan, each.member_id)


def _row(
    kind: DescendantKind, subject: str, name: str, plan: DescendantPlan, member: int | None = None
) -> Descendant:
    return Descendant(kind=kind, subject=subject, name=name[:300], plan=plan, member_id=member)
