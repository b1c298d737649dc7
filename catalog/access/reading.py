"""What was granted to whom, as the policy takes it."""

from collections.abc import Iterable
from typing import Final

from catalog.access.models import AccessRequest, AccessRequestQuerySet
from catalog.access.states import AccessState
from catalog.policy import GrantFact
from catalog.tiers import Purpose
from provenance.actors import Actor

# Those that ran out are told as well: the policy compares times, and says that a grant has expired.
GIVEN: Final = (AccessState.GRANTED, AccessState.EXPIRED)


def grants_for(dataset_ids: int | Iterable[int], member: str) -> tuple[GrantFact, ...]:
    """Return the grants that the member with this slug holds for these entries, in one query.

    Each names its entry and counts for no other, so one call serves the decisions on many entries.
    """
    wanted = [dataset_ids] if isinstance(dataset_ids, int) else list(dataset_ids)
    given = AccessRequest.objects.filter(
        dataset__in=wanted, member__slug=member, state__in=GIVEN, expires_at__isnull=False
    )
    rows = given.order_by("expires_at", "pk").values_list("pk", "dataset__slug", "purpose", "expires_at")
    return tuple(
        GrantFact(id=str(key), dataset=slug, member=member, purpose=Purpose(purpose), expires_at=until)
        for key, slug, purpose, until in rows
        if until is not None
    )


def visible_to(actor: Actor) -> AccessRequestQuerySet:
    """Return the requests that the actor may know of, with what lists and pages show of them."""
    found = AccessRequest.objects.visible_to(actor)
    return found.select_related("dataset__member", "member", "requested_by", "decided_by", "renews")
