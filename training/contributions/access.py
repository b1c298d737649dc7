"""An update under its lock, and who speaks for the member that made it."""

from catalog.members.models import Role
from provenance.actors import Actor, ActorKind
from provenance.errors import NotPermitted
from training.contributions.models import Contribution


def lock_contribution(contribution: Contribution) -> Contribution:
    """Return the update with its round, job, node and member, its row locked until the transaction ends."""
    rows = Contribution.objects.select_for_update(of=("self",))
    return rows.select_related("round__family", "job__round__base", "job__node__member").get(
        pk=contribution.pk
    )


def answers_for(actor: Actor, contribution: Contribution) -> bool:
    """Tell whether ``actor`` speaks for the contributing member: as its maintainer or its data steward."""
    slug = contribution.job.node.member.slug
    roles = (Role.MAINTAINER, Role.STEWARD)
    return actor.kind is ActorKind.PERSON and any(actor.has_role(role, member=slug) for role in roles)


def require_contributor(actor: Actor, contribution: Contribution) -> None:
    """Return if ``actor`` speaks for the contributing member.

    Raises:
        NotPermitted: ``not-of-the-contributor``.
    """
    if not answers_for(actor, contribution):
        member = contribution.job.node.member
        raise NotPermitted(
            f"Maintainers and data stewards of {member} do this.",
            code="not-of-the-contributor",
            requirement="INV-7",
            remedy=f"Ask one of them, if you belong to {member}.",
        )
