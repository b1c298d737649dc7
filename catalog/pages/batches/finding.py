"""Getting a batch for a page: stewards of its member find it, for everybody else it is missing (INV-6)."""

import uuid

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from catalog.batches.models import Batch, Row
from catalog.members.actors import actor_of
from catalog.members.models import Role
from provenance.actors import Actor
from provenance.errors import NotPermitted


def steward_of(request: HttpRequest) -> Actor:
    """Return who asks, if they are a steward of some member.

    Raises:
        NotPermitted: code ``not-a-steward``.
    """
    actor = actor_of(request.user)
    if not actor.members_with(Role.STEWARD):
        raise NotPermitted(
            _("Only a data steward proposes datasets."),
            code="not-a-steward",
            remedy=_("Ask the steward of your member; the member’s page names the people."),
        )
    return actor


def batch_for(request: HttpRequest, key: uuid.UUID) -> tuple[Actor, Batch]:
    """Return who asks and the batch; Http404 for what is missing and what is hidden."""
    actor = actor_of(request.user)
    batch = Batch.objects.visible_to(actor).select_related("member").filter(pk=key).first()
    if batch is None:
        raise Http404
    return actor, batch


def row_for(request: HttpRequest, key: uuid.UUID, number: int) -> tuple[Actor, Row]:
    """Return who asks and a row of a batch; Http404 as ``batch_for``."""
    actor, batch = batch_for(request, key)
    row = batch.rows.select_related("proposal").filter(number=number).first()
    if row is None:
        raise Http404
    row.batch = batch
    return actor, row
