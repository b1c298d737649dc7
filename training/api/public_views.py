"""Rounds and bases, for people and programs outside the nodes."""

from typing import TYPE_CHECKING, Any, Final, cast

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
from provenance.signing.http import VerifiedRequest
from training.api.job_views import BytesRenderer
from training.api.public_serializers import CheckpointSerializer, RoundSerializer
from training.api.streaming import stream_blob
from training.checkpoints.models import Checkpoint
from training.nodes.authentication import NodeCaller, NodeSignatureAuthentication
from training.rounds.models import Round

if TYPE_CHECKING:
    from catalog.members.models import User


class NodeIfSigned(NodeSignatureAuthentication):
    """Knows a node by its signature, where there is one; people are known as everywhere else."""

    def authenticate(self, request: Request) -> tuple[NodeCaller, VerifiedRequest] | None:  # type: ignore[override]
        """Check the signature of a request that carries one."""
        return super().authenticate(request) if "Signature" in request.headers else None


ANYBODY: Final = [*APIView.authentication_classes, NodeIfSigned]


def caller(request: Request) -> Actor:
    """Return the actor for a signed-in person, an active node that signed, or nobody."""
    user: object = request.user
    return user.node.actor if isinstance(user, NodeCaller) else actor_of(cast("User", user))


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
    authentication_classes = ANYBODY

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}


class CheckpointWeights(APIView):
    """A base's weights, for everybody in the consortium alike (equal redistribution)."""

    renderer_classes = [JSONRenderer, BytesRenderer]
    authentication_classes = ANYBODY

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, digest: str) -> HttpResponseBase:
        """Stream the safetensors file, whole or one range of bytes."""
        checkpoint = Checkpoint.objects.select_related("family").filter(digest=digest).first()
        if checkpoint is None:
            raise NotFound("There is no such base.")
        if not caller(request).members:
            raise NotPermitted(
                "Bases are downloaded by members of the consortium.",
                code="consortium-only",
                remedy="Sign in as somebody of a member.",
            )
        sha256, size = self.file(checkpoint)
        http = request._request  # noqa: SLF001 - the answer bypasses the framework's rendering
        return stream_blob(http, sha256=sha256, size=size)

    def file(self, checkpoint: Checkpoint) -> tuple[str, int]:
        """Return sha256 and size in bytes of what is streamed."""
        return checkpoint.weights_sha256, checkpoint.weights_bytes


class CheckpointTokenizer(CheckpointWeights):
    """The tokenizer of a base's family."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, digest: str) -> HttpResponseBase:
        """Stream its ``tokenizer.json``; a family that reads bytes has none."""
        return super().get(request, digest)

    def file(self, checkpoint: Checkpoint) -> tuple[str, int]:
        """Return sha256 and size in bytes of the tokenizer's file."""
        family = checkpoint.family
        if not family.tokenizer_sha256:
            raise NotFound("This family reads bytes; there is no tokenizer's file.")
        return family.tokenizer_sha256, family.tokenizer_bytes
