"""What a base was made of, for members and their nodes: so that anyone of them computes it again (INV-5)."""

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from provenance.blobs import get_store
from provenance.blobs.store import BlobMissing
from provenance.errors import Conflict, NotFound, NotPermitted
from training.api.job_views import BytesRenderer
from training.api.origin_serializers import OriginSerializer
from training.api.public_views import ANYBODY, caller
from training.api.streaming import stream_blob
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.contributions.states import ContributionState
from training.rollbacks.states import RollbackState
from training.rounds.windows import are_bytes_readable


class MembersView(APIView):
    """A view for people and nodes of the consortium."""

    authentication_classes = ANYBODY

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Turn away everybody else."""
        super().initial(request, *args, **kwargs)
        if not caller(request).members:
            raise NotPermitted(
                "What bases are made of is read by members of the consortium.",
                code="consortium-only",
                remedy="Sign in as somebody of a member.",
            )


class CheckpointOrigin(MembersView):
    """How a base, or a step of a rollback that led to one, was made."""

    @extend_schema(responses=OriginSerializer)
    def get(self, request: Request, digest: str) -> Response:
        """Return its document, and the signed statements of its contributions."""
        context = {"actor": caller(request)}
        return Response(OriginSerializer(_ancestor(digest), context=context).data)


class BytesView(MembersView, ABC):
    """A blob, whole or one range of bytes."""

    renderer_classes = [JSONRenderer, BytesRenderer]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, digest: str) -> HttpResponseBase:
        """Stream the safetensors file."""
        sha256 = self.blob(digest)
        try:
            size = get_store().size(sha256)
        except BlobMissing:
            raise NotFound("Its bytes are not kept.") from None
        http = request._request  # noqa: SLF001 - the answer bypasses the framework's rendering
        return stream_blob(http, sha256=sha256, size=size)

    @abstractmethod
    def blob(self, digest: str) -> str:
        """Return the address of what is streamed."""


class CheckpointServerState(BytesView):
    """What the outer optimizer remembers after a base: the next one cannot be computed without it."""

    def blob(self, digest: str) -> str:
        """Return the state's sha256."""
        if sha256 := _ancestor(digest).server_state_sha256:
            return sha256
        raise NotFound("This base has no server state.")


class ContributionWeights(BytesView):
    """The bytes of an update, once its round has collected."""

    def blob(self, digest: str) -> str:
        """Return the update's sha256.

        Raises:
            NotFound: it did not arrive, or only its sender may read it yet. Conflict: ``bytes-dropped``.
        """
        contribution = Contribution.objects.select_related("round").filter(digest=digest).first()
        away = (ContributionState.COMMITTED, ContributionState.WITHDRAWN)
        if contribution is None or contribution.state in away or not are_bytes_readable(contribution.round):
            raise NotFound("There is no such contribution.")
        if contribution.bytes_dropped_at is not None:
            raise Conflict(
                "Its member asked that only the hash is kept here.",
                code="bytes-dropped",
                remedy="The node that made it may still have them.",
            )
        return contribution.weights_sha256


def _ancestor(digest: str) -> Checkpoint:
    """Return a base, or what one descends from: a step of a rollback that was carried out.

    Raises:
        NotFound: there is no such one.
    """
    promoted = Q(standing=Checkpoint.Standing.BASE)
    replayed = Q(made_in_rollbacks__rollback__state=RollbackState.DONE)
    found = Checkpoint.measured.select_related("family").filter(promoted | replayed, digest=digest).first()
    if found is None:
        raise NotFound("There is no such base.")
    return found
