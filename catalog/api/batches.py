"""`/api/v1/batches/`: tables of descriptions, their rows, and handing in what came of them."""

import uuid
from collections.abc import Mapping
from typing import IO, Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.batch_serializers import (
    BatchSerializer,
    SetColumnsSerializer,
)
from catalog.api.proposals.finding import WRITING, caller, named_member, problems, read_body
from catalog.api.proposals.parsing import PlainJSON
from catalog.batches.models import Batch
from catalog.batches.reading import read_table
from catalog.batches.services import (
    forget_batch,
    set_columns,
    start_batch,
)
from catalog.batches.states import RowState
from catalog.batches.table import MOST_BYTES
from catalog.interchange.addresses import absolute
from catalog.pages.proposals.intake import DropEveryFile
from provenance.errors import NotFound

TABLES: Final = (
    "text/csv",
    "application/json",
    "application/x-ndjson",
    "text/plain",
    "application/octet-stream",
)
_TABLE: Final[dict[str, Any]] = dict.fromkeys(TABLES, OpenApiTypes.BINARY)
_MEMBER: Final = OpenApiParameter("member", str, required=True, description="one for which you are a steward")
_NAME: Final = OpenApiParameter("name", str, description="what the table is called")
_STATE: Final = OpenApiParameter("state", str, enum=RowState.values, description="rows in this state alone")


class Table(BaseParser):
    """The body as it is, read no further than tells that it is too large."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the bytes; they stay in memory (INV-1)."""
        del media_type, parser_context
        return stream.read(MOST_BYTES + 1)


PARSERS: Final = tuple(
    type(f"Table{place}", (Table,), {"media_type": kind}) for place, kind in enumerate(TABLES)
)


class NewestBatches(CursorPagination):
    """By time; the keys of batches are random."""

    ordering = ("-created_at", "pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class BatchesView(ListAPIView[Batch]):
    """All of them."""

    permission_classes = (IsAuthenticated,)
    parser_classes = PARSERS
    queryset = Batch.objects.none()
    serializer_class = BatchSerializer
    pagination_class = NewestBatches

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Let no part of a form touch a disk before it is refused (INV-1)."""
        request.upload_handlers = [DropEveryFile(request)]
        return super().initialize_request(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Batch]:
        """Keep those of members that the caller is a steward of."""
        return Batch.objects.visible_to(caller(self.request)).select_related("member")

    @extend_schema(
        operation_id="batches_list", responses={200: BatchSerializer(many=True), **problems(401, 403)}
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the tables of the members that you are a steward of; the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="batches_start",
        parameters=[_MEMBER, _NAME],
        request=_TABLE,
        responses={201: BatchSerializer, **problems(*WRITING, 415)},
    )
    def post(self, request: Request) -> Response:
        """Hand a table in: CSV, JSON, JSON lines or a HubSpot export as the body. Then set its columns."""
        actor = caller(request)
        name = request.query_params.get("name", "")
        member = named_member(request.query_params.get("member", "").replace("\0", ""))
        if member is None:
            raise NotFound("There is no such member.")
        data: Any = request.data or b""  # of an empty body the framework makes a form
        batch = start_batch(actor=actor, member=member, name=name, table=read_table(name, data))
        headers = {"Location": absolute(f"/api/v1/batches/{batch.pk}/")}
        return Response(BatchSerializer(batch).data, status=201, headers=headers)


class BatchView(APIView):
    """One table."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="batches_read", responses={200: BatchSerializer, **problems(401, 403, 404)})
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """Read where it stands."""
        return Response(BatchSerializer(batch_of(request, key)).data)

    @extend_schema(operation_id="batches_forget", responses={204: None, **problems(401, 403, 404)})
    def delete(self, request: Request, key: uuid.UUID) -> Response:
        """Forget it with its rows; drafts that came of it stay."""
        forget_batch(actor=caller(request), batch=batch_of(request, key))
        return Response(status=204)


class BatchColumnsView(APIView):
    """What its columns mean."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (PlainJSON,)

    @extend_schema(
        operation_id="batches_set_columns",
        request=SetColumnsSerializer,
        responses={202: BatchSerializer, **problems(*WRITING)},
    )
    def put(self, request: Request, key: uuid.UUID) -> Response:
        """Say it, and let drafts be made of the rows; read the table again to see how far it is."""
        batch = batch_of(request, key)
        given = read_body(request, SetColumnsSerializer)
        columns = {each["column"]: each["path"] for each in given["columns"]}
        working = set_columns(
            actor=caller(request), batch=batch, columns=columns, constants=given["constants"]
        )
        return Response(BatchSerializer(working).data, status=202)


def batch_of(request: Request, key: uuid.UUID) -> Batch:
    """Return a batch to a steward of its member; NotFound to everybody else (INV-6)."""
    batch = Batch.objects.visible_to(caller(request)).select_related("member").filter(pk=key).first()
    if batch is None:
        raise NotFound("There is no such batch.")
    return batch
