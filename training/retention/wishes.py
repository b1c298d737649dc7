"""A member's wish on how long the bytes of its updates are kept. Their hashes and statements always are."""

from typing import Final

from django.db import transaction

from catalog.members.models import Member, Role
from provenance.actors import CONSORTIUM, Actor, ActorKind
from provenance.errors import Invalid, NotPermitted
from provenance.events.services import Evidence, record_event
from training.retention.models import RetentionWish
from training.voices import person_of

FEWEST: Final = 1
MOST: Final = 1000  # rounds


def may_set_retention(actor: Actor, member: Member) -> bool:
    """Whether ``actor`` decides this for ``member``: a person who is its maintainer."""
    return actor.kind is ActorKind.PERSON and actor.has_role(Role.MAINTAINER, member=member.slug)


@transaction.atomic
def set_retention(actor: Actor, member: Member, rounds: int | None) -> RetentionWish:
    """Keep only the hash of the member's updates once ``rounds`` rounds have ended after theirs.

    None keeps the bytes for ever, which is the default. Bytes that went are not brought back by it.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``rounds-out-of-range``.
    """
    if not may_set_retention(actor, member):
        raise NotPermitted(
            "Only a maintainer of the member decides what is kept of its updates.",
            code="not-a-maintainer",
            remedy="Ask a maintainer of your member.",
        )
    if rounds is not None and not FEWEST <= rounds <= MOST:
        said = f"From {FEWEST} to {MOST} rounds."
        raise Invalid(said, code="rounds-out-of-range", fields={"rounds": [said]})
    wish, fresh = RetentionWish.objects.select_for_update().get_or_create(
        member=member, defaults={"rounds": rounds, "changed_by": person_of(actor)}
    )
    if (not fresh and wish.rounds == rounds) or (fresh and rounds is None):
        return wish
    wish.rounds, wish.changed_by = rounds, person_of(actor)
    wish.save()
    record_event(
        actor=actor,
        action="retention.changed",
        subject=f"member:{member.slug}",
        audience=CONSORTIUM,
        evidence=Evidence(details={"rounds": rounds}),
    )
    return wish
