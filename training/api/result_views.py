"""What a job gives back: bytes, then the signed word on them, or measurements."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.blobs.store import BlobMismatch
from provenance.errors import Invalid
from training.api.base import NodeView
from training.api.job_views import read_body
from training.api.serializers import (
    ContributionReceiptSerializer,
    EvaluationReceiptSerializer,
    SignedResultSerializer,
    WeightsSerializer,
)
from training.contributions.evaluations import receive_evaluation
from training.contributions.receiving import receive_contribution, receive_weights
from training.nodes.authentication import SignatureRefused

if TYPE_CHECKING:
    from provenance.signing.http import VerifiedRequest

CHUNK: Final = 1 << 20
LONGEST_ATTEMPT: Final = 5  # digits of a 16-bit number


class BytesParser(BaseParser):
    """Leaves a body of bytes where it is, to be streamed by the view."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:  # noqa: ARG002
        """Return the stream itself."""
        return stream


class JobWeights(NodeView):
    """The bytes of a weight update."""

    parser_classes = [BytesParser]
    streams_body = True

    @extend_schema(
        parameters=[OpenApiParameter("attempt", int, required=True)],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=WeightsSerializer,
    )
    def put(self, request: Request, job_id: UUID) -> Response:
        """Stream them into the store; they are kept only if they are the bytes that were signed."""
        attempt = request.query_params.get("attempt", "")
        if not (attempt.isascii() and attempt.isdigit() and len(attempt) <= LONGEST_ATTEMPT):
            raise Invalid(
                "Say which attempt sends.", code="attempt-malformed", fields={"attempt": ["a number"]}
            )
        signed = cast("VerifiedRequest", request.auth).body_sha256.hex()
        stream = cast("BinaryIO", request.stream or io.BytesIO())
        try:
            blob = receive_weights(self.node, self.job(job_id), int(attempt), _chunks(stream), signed)
        except BlobMismatch as error:
            raise SignatureRefused("digest-mismatch", str(error)) from error
        return Response({"sha256": blob.sha256, "size": blob.size})


class JobContribution(NodeView):
    """The node's signed word on its weight update."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: ContributionReceiptSerializer, 201: ContributionReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep it and end the job: 201, or 200 when it is the same one again."""
        said = read_body(SignedResultSerializer, request)
        contribution, fresh = receive_contribution(
            self.node, self.job(job_id), said["attempt"], said["envelope"]
        )
        body = {"digest": contribution.digest, "state": contribution.state}
        return Response(body, status=201 if fresh else 200)


class JobEvaluation(NodeView):
    """The node's signed measurements."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: EvaluationReceiptSerializer, 201: EvaluationReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep them and end the job: 201, or 200 when they are the same again."""
        said = read_body(SignedResultSerializer, request)
        rows, fresh = receive_evaluation(self.node, self.job(job_id), said["attempt"], said["envelope"])
        return Response({"measurements": len(rows)}, status=201 if fresh else 200)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
