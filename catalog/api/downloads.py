from typing import Final

from django.db import transaction
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM, find_version
from catalog.datasets.models import DatasetFile, DatasetVersion
from catalog.members.actors import actor_of
from catalog.policy import Operation, decide
from catalog.policy.services import record_decision
from provenance.actors import Actor
from provenance.blobs import get_store
from provenance.errors import NotFound, NotPermitted

_BYTES: Final = "application/octet-stream"


class FileView(APIView):
    """The bytes of one file."""

    @extend_schema(
        operation_id="datasets_files_download",
        responses={
            (200, _BYTES): OpenApiTypes.BINARY,
            (403, PROBLEM): ProblemSerializer,
            (404, PROBLEM): ProblemSerializer,
        },
    )
    def get(self, request: Request, slug: str, number: int, path: str) -> FileResponse:
        """Download a file of an open version. Each answer, yes or no, is in the event log (DM:5)."""
        actor = actor_of(request.user)
        version = find_version(actor, slug, number)
        # Before the path is looked at: a refusal tells nobody which files there are.
        _ask_policy(actor, version)
        file = _find_file(version, path)
        response = FileResponse(
            get_store().open(file.sha256),
            content_type=_BYTES,
            as_attachment=True,
            filename=file.path.rpartition("/")[2],
        )
        response["Content-Length"] = str(file.bytes)
        response["ETag"] = f'"{file.sha256}"'
        return response


def _ask_policy(actor: Actor, version: DatasetVersion) -> None:
    """Record the decision in a transaction of its own, so that a refusal stays in the log as well."""
    decision = decide(actor=actor, operation=Operation.DOWNLOAD, version_or_facts=version)
    with transaction.atomic():
        record_decision(actor=actor, decision=decision)
    if not decision.allowed:
        raise NotPermitted(
            "These bytes are not handed out to people.",
            code=decision.reason_codes[0],
            requirement="DM:9",
            remedy="The entry's page says who may use the data, and how.",
        )


def _find_file(version: DatasetVersion, path: str) -> DatasetFile:
    stored = version.files.filter(storage=DatasetFile.Storage.BLOB)
    # PostgreSQL knows no text with a zero in it.
    file = None if "\x00" in path else stored.filter(path=path).first()
    if file is None:
        raise NotFound("This version has no such file.")
    return file
