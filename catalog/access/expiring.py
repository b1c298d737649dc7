from datetime import datetime

from django.db import transaction
from django.utils import timezone

from catalog.access.models import AccessRequest
from catalog.access.states import TRANSITIONS, AccessState
from catalog.access.trail import leave_trail
from provenance.actors import COORDINATOR
from provenance.errors import Conflict
from provenance.states import swap_state


def expire_due(*, at: datetime | None = None) -> int:
    """Close every grant whose end is not later than ``at``, each in a transaction of its own; say how many.

    Done twice it is done once. It only tidies up: whether a grant still runs, the policy reads off the clock.
    """
    due = AccessRequest.objects.filter(state=AccessState.GRANTED, expires_at__lte=at or timezone.now())
    found = due.select_related("dataset__member", "member").order_by("expires_at")
    return sum(_expire(request) for request in found.iterator(chunk_size=500))


def _expire(request: AccessRequest) -> bool:
    try:
        with transaction.atomic():
            swap_state(request, to=AccessState.EXPIRED, table=TRANSITIONS, expected=(AccessState.GRANTED,))
            leave_trail(COORDINATOR, request, "access.expired")
    except Conflict:  # somebody revoked it, or another worker was faster
        return False
    return True
