"""`/proposals/<id>/uploads/`: tus 1.0.0, for stewards of the draft, with their session."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.members.actors import actor_of
from catalog.pages.proposals.finding import draft_for
from catalog.pages.proposals.intake import DropEveryFile
from catalog.uploads.ending import cancel_upload, find_upload
from catalog.uploads.models import Upload
from catalog.uploads.protocol import (
    ABILITIES,
    BODY,
    CHECKSUM_MISMATCH,
    VERSION,
    LengthMissing,
    TooLarge,
    WrongVersion,
    headers_of,
    name_in,
    read_checksum,
    read_metadata,
    read_number,
)
from catalog.uploads.services import receive_bytes, start_upload
from provenance.errors import Invalid


class TusView(APIView):
    """What both addresses share. Described by tus.io, not by our schema."""

    permission_classes = (IsAuthenticated,)
    schema = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Honour the method that a client behind a narrow proxy means; let no form bring bytes in (INV-1)."""
        request.upload_handlers = [DropEveryFile(request)]
        meant = request.headers.get("X-HTTP-Method-Override", "").upper()
        if request.method == "POST" and meant in {"PATCH", "DELETE", "HEAD"}:
            request.method = meant
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse other versions of the protocol before anything else is looked at."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say the version with every answer, refusals included."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Tus-Resumable"] = VERSION
        finished.headers["Cache-Control"] = "no-store"
        if finished.status_code == WrongVersion.status_code:
            finished.headers["Tus-Version"] = VERSION
        return finished

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Tell what this server can."""
        del request, args, kwargs
        return Response(status=204, headers=ABILITIES)


class Uploads(TusView):
    """Where uploads of a draft begin (creation extension)."""

    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Start an upload of ``Upload-Length`` bytes; its address is in ``Location``."""
        actor, proposal = draft_for(request._request, key)  # noqa: SLF001 - REST framework's own way to it
        size = read_number(request.headers, "Upload-Length")
        metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
        if size > int(ABILITIES["Tus-Max-Size"]):
            raise TooLarge
        upload = start_upload(
            actor=actor,
            proposal=proposal,
            path=name_in(metadata),
            size=size,
            language=metadata.get("language", ""),
            media_type=metadata.get("filetype", ""),
        )
        address = reverse("proposal-upload", args=[proposal.pk, upload.pk])
        return Response(status=201, headers={"Location": address, **headers_of(upload)})


class OneUpload(TusView):
    """One upload: how far it is, its next bytes, its end."""

    def head(self, request: Request, key: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Tell where to continue."""
        return Response(status=200, headers=headers_of(self._upload(request, key, upload_id)))

    def patch(self, request: Request, key: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Take bytes from ``Upload-Offset`` on, and answer how far it came."""
        upload = self._upload(request, key, upload_id)
        if request.content_type != BODY:
            raise UnsupportedMediaType(request.content_type)
        if "Content-Length" not in request.headers:
            raise LengthMissing
        offset = read_number(request.headers, "Upload-Offset")
        if offset + read_number(request.headers, "Content-Length") > upload.bytes:
            raise TooLarge
        try:
            upload = receive_bytes(
                actor=actor_of(request.user),
                upload=upload,
                offset=offset,
                read=request._request.read,  # noqa: SLF001 - the stream itself, which no parser has touched
                checksum=read_checksum(request.headers),
            )
        except Invalid as refused:
            if refused.code != "checksum-mismatch":
                raise
            return Response({"code": refused.code, "detail": refused.message}, status=CHECKSUM_MISMATCH)
        return Response(status=204, headers=headers_of(upload))

    def delete(self, request: Request, key: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Forget it (termination extension)."""
        cancel_upload(actor=actor_of(request.user), upload=self._upload(request, key, upload_id))
        return Response(status=204)

    @staticmethod
    def _upload(request: Request, key: uuid.UUID, upload_id: uuid.UUID) -> Upload:
        actor, proposal = draft_for(request._request, key)  # noqa: SLF001
        return find_upload(actor=actor, proposal=proposal, upload_id=upload_id)
