"""Rounds and bases, for people and programs outside the nodes."""

from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import RetrieveAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.members.actors import actor_of
from provenance.actors import Actor
from provenance.errors import NotFound, NotPermitted
from training.api.job_views import BytesRenderer
from training.api.public_serializers import CheckpointSerializer, RoundSerializer
from training.api.streaming import stream_blob
from training.checkpoints.models import Checkpoint
from training.rounds.models import Round

if TYPE_CHECKING:
    from catalog.members.models import User


def caller(request: Request) -> Actor:
    """Return the actor for a signed-in person, or nobody."""
    return actor_of(cast("User", request.user))


class RoundDetail(RetrieveAPIView[Round]):
    """One round: where it stands, how far each node is, what came of it."""

    serializer_class = RoundSerializer
    queryset = Round.objects.select_related("family", "base", "candidate", "result").prefetch_related(
        "jobs__node", "jobs__inputs__version__dataset"
    )

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}


class CheckpointDetail(RetrieveAPIView[Checkpoint]):
    """One base: its recipe, its figures, its weights' address."""

    serializer_class = CheckpointSerializer
    queryset = Checkpoint.objects.select_related("family", "parent")
    lookup_field = "digest"

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}


class CheckpointWeights(APIView):
    """A base's weights, for everybody in the consortium alike (equal redistribution)."""

    renderer_classes = [JSONRenderer, BytesRenderer]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, digest: str) -> HttpResponseBase:
        """Stream the safetensors file, whole or one range of bytes."""
        checkpoint = Checkpoint.objects.filter(digest=digest).first()
        if checkpoint is None:
            raise NotFound("There is no such base.")
        if not caller(request).members:
            raise NotPermitted(
                "Bases are downloaded by members of the consortium.",
                code="consortium-only",
                remedy="Sign in as somebody of a member.",
            )
        return stream_blob(
            request._request,  # noqa: SLF001 - the answer bypasses the framework's rendering
            sha256=checkpoint.weights_sha256,
            size=checkpoint.weights_bytes,
        )
