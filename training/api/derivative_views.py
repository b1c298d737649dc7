"""Models that members made from the bases: read by everybody as far as each may, registered with a token."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.datasets.models import DatasetVersion
from catalog.members.models import Member
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.errors import Invalid
from training.api.derivative_serializers import DerivativeSerializer, RegisterSerializer
from training.api.job_views import read_body
from training.api.public_views import caller
from training.checkpoints.models import Checkpoint
from training.derivatives.models import Derivative
from training.derivatives.registering import register_derivative
from training.derivatives.wording import Description

PARTS = ("name", "stages", "languages", "licence", "card", "commitments", "weights_sha256", "address")


class NewestDerivatives(CursorPagination):
    """By time; their keys are random."""

    ordering = ("-registered_at", "pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class DerivativesView(ListAPIView[Derivative]):
    """The models that the caller may know of."""

    serializer_class = DerivativeSerializer
    pagination_class = NewestDerivatives
    queryset = Derivative.objects.none()

    def get_permissions(self) -> Sequence[BasePermission]:
        """Let everybody read."""
        return [AllowAny()] if self.request.method in SAFE_METHODS else [IsAuthenticated()]

    def get_queryset(self) -> QuerySet[Derivative]:
        """Keep what the caller may discover."""
        return _known(caller(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}

    @extend_schema(request=RegisterSerializer, responses={201: DerivativeSerializer})
    def post(self, request: Request) -> Response:
        """Register a model for a member of which the caller is a steward or maintainer."""
        actor, said = caller(request), read_body(RegisterSerializer, request)
        made = register_derivative(
            actor,
            _member(said["member"]),
            _base(said["base"]),
            Description(tier=Tier(said["tier"]), **{name: said[name] for name in PARTS}),
            versions=_versions(said["versions"], actor),
        )
        document = DerivativeSerializer(made, context=self.get_serializer_context()).data
        return Response(document, status=201, headers={"Location": document["url"]})


class DerivativeView(RetrieveAPIView[Derivative]):
    """One model; what is hidden looks like what is not there."""

    serializer_class = DerivativeSerializer
    lookup_field = "slug"
    queryset = Derivative.objects.none()

    def get_queryset(self) -> QuerySet[Derivative]:
        """Keep what the caller may discover."""
        return _known(caller(self.request))

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}


def _known(actor: Actor) -> QuerySet[Derivative]:
    return Derivative.objects.visible_to(actor).select_related("member", "base__family")


def _member(slug: str) -> Member:
    return cast("Member", _found(Member.objects.filter(slug=slug).first(), "member"))


def _base(digest: str) -> Checkpoint:
    return cast("Checkpoint", _found(Checkpoint.objects.filter(digest=digest).first(), "base"))


def _versions(pins: Sequence[Mapping[str, Any]], actor: Actor) -> list[DatasetVersion]:
    wanted = Q(pk__in=[])
    for pin in pins:
        wanted |= Q(dataset__slug=pin["dataset"], number=pin["number"])
    found = list(DatasetVersion.objects.visible_to(actor).filter(wanted))
    if len(found) != len({(pin["dataset"], pin["number"]) for pin in pins}):
        _found(None, "versions")
    return found


def _found(row: object, field: str) -> object:
    if row is None:
        said = "What is named here is not there."
        raise Invalid(said, code=f"{field}-unknown", fields={field: [said]})
    return row
