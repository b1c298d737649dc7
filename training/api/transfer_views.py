"""The bytes of a weight update: opened, sent in parts, closed. Everything may be repeated."""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from uuid import UUID

from django.http import UnreadablePostError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.blobs.store import BlobMismatch, BlobStoreError
from provenance.errors import DomainError, Invalid
from training.api.base import NodeView
from training.api.job_views import read_body
from training.api.serializers import ContributionReceiptSerializer
from training.api.transfer_serializers import ATTEMPT, AttemptSerializer, MissingSerializer, OpeningSerializer
from training.contributions.models import WeightsUpload
from training.contributions.uploading import (
    LARGEST_PART,
    Missing,
    close_upload,
    find_upload,
    missing_in,
    open_upload,
    receive_part,
)
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


class StoreUnavailable(APIException):
    """503: the store needs its operator; nothing that was sent is lost."""

    status_code = 503


class TransferView(NodeView):
    """A view that may find the store out of order."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer 503 when the store does not work, so that the node tries again."""
        if not isinstance(exc, BlobStoreError):
            return super().handle_exception(exc)
        response = super().handle_exception(StoreUnavailable(str(exc)))
        response.data["code"] = exc.code
        return response


class JobWeights(TransferView):
    """The upload of an update."""

    @extend_schema(request=OpeningSerializer, responses=MissingSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Open it, or resume it: the answer names the parts that are missing."""
        said = read_body(OpeningSerializer, request)
        missing = open_upload(
            self.node,
            self.job(job_id),
            said["attempt"],
            sha256=said["sha256"],
            size=said["bytes"],
            part_bytes=said["part_bytes"],
        )
        return told_missing(missing)

    @extend_schema(parameters=[ATTEMPT], responses=MissingSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Tell which parts are missing."""
        return told_missing(missing_in(find_upload(self.node, self.job(job_id), _attempt(request))))


class PartView(TransferView, ABC):
    """One part of an update."""

    parser_classes = [BytesParser]
    streams_body = True

    @abstractmethod
    def upload(self, request: Request, **named: Any) -> WeightsUpload:
        """Return the upload that the address means."""

    @extend_schema(request={"application/octet-stream": OpenApiTypes.BINARY}, responses={204: None})
    def put(self, request: Request, number: int, **named: Any) -> Response:
        """Keep it if it is the bytes that were signed; again is harmless."""
        stream = cast("BinaryIO", request.stream or io.BytesIO())
        signed = cast("VerifiedRequest", request.auth).body_sha256.hex()
        try:
            receive_part(self.upload(request, **named), number, _chunks(stream), signed)
        except BlobMismatch as error:
            raise SignatureRefused("digest-mismatch", str(error)) from error
        except UnreadablePostError as error:
            raise Invalid("The part ended early.", code="part-size") from error
        except (DomainError, BlobStoreError):
            # A client that still sends does not hear an answer: what it sends is read to its end.
            with suppress(UnreadablePostError):
                for _ in islice(_chunks(stream), LARGEST_PART // CHUNK):
                    pass
            raise
        return Response(status=204)


@extend_schema(parameters=[ATTEMPT])
class JobWeightsPart(PartView):
    """One part of what a job committed to."""

    def upload(self, request: Request, **named: Any) -> WeightsUpload:
        """Return the job's open upload."""
        return find_upload(self.node, self.job(named["job_id"]), _attempt(request))


class JobWeightsClose(TransferView):
    """The end of an upload."""

    @extend_schema(request=AttemptSerializer, responses=ContributionReceiptSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Hash the whole; if it is what the job committed to, the job ends with its contribution received."""
        contribution = close_upload(
            self.node, self.job(job_id), read_body(AttemptSerializer, request)["attempt"]
        )
        return Response({"digest": contribution.digest, "state": contribution.state})


def told_missing(missing: Missing) -> Response:
    """Answer with what still has to come."""
    body: dict[str, Any] = {"part_bytes": missing.part_bytes, "missing": missing.numbers}
    if missing.addresses:
        body["addresses"] = {str(number): url for number, url in missing.addresses.items()}
    return Response(body)


def _attempt(request: Request) -> int:
    attempt = request.query_params.get("attempt", "")
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) <= LONGEST_ATTEMPT):
        raise Invalid("Say which attempt sends.", code="attempt-malformed", fields={"attempt": ["a number"]})
    return int(attempt)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
