"""Does a grant still stand? Asked before every chunk, in one query over primary keys."""

from uuid import UUID

from django.db.models import Exists, QuerySet, Value
from django.utils import timezone

from catalog.access.models import AccessRequest
from catalog.access.states import AccessState
from catalog.datasets.models import Dataset
from training.grants.models import DataGrant
from training.nodes.states import NodeState


def cause_against(grant: DataGrant) -> str:
    """Return the code of why the grant no longer holds, empty while it does.

    It asks for the grant's row, its node, its dataset and, where it rests on one, the access request: each
    of them ends the grant by itself, whether or not somebody also revoked it (DM:17).
    """
    now = timezone.now()
    access = Exists(_standing(access_of(grant))) if access_of(grant) else Value(value=True)
    asked = DataGrant.objects.filter(pk=grant.pk).annotate(access_stands=access)
    columns = "revoked_at", "expires_at", "node__state", "version__dataset__state", "access_stands"
    revoked_at, expires_at, node, dataset, access_stands = asked.values_list(*columns).get()
    if dataset == Dataset.State.WITHDRAWN:
        return "version-withdrawn"
    if node != NodeState.ACTIVE:
        return "node-not-active"
    if not access_stands:
        return "access-ended"
    if revoked_at is not None:
        return "grant-revoked"
    return "grant-expired" if expires_at <= now else ""


def access_of(grant: DataGrant) -> list[UUID]:
    """Return the granted access requests that the grant rests on; most rest on none."""
    return [UUID(key) for key in grant.manifest["access"]]


def live_grants() -> QuerySet[DataGrant]:
    """Return the grants that nobody revoked and whose time is not over."""
    return DataGrant.objects.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


def _standing(access: list[UUID]) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.filter(
        pk__in=access, state=AccessState.GRANTED, expires_at__gt=timezone.now()
    )
