"""`/api/v1/batches/<id>/rows/` and `…/submit/`: repairing rows, and handing in what came of them."""

import uuid
from dataclasses import asdict
from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.batch_serializers import (
    HandedInSerializer,
    RepairSerializer,
    RowSerializer,
    SubmitRowsSerializer,
)
from catalog.api.batches import batch_of
from catalog.api.proposals.finding import WRITING, caller, problems, read_body
from catalog.api.proposals.parsing import PlainJSON
from catalog.batches.models import Row
from catalog.batches.services import repair_row, skip_row, submit_rows, unskip_row
from catalog.batches.states import RowState
from provenance.errors import NotFound

_STATE: Final = OpenApiParameter("state", str, enum=RowState.values, description="rows in this state alone")


class RowsInOrder(CursorPagination):
    """As they stand in the table."""

    ordering = ("number",)
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500


class BatchRowsView(ListAPIView[Row]):
    """Its rows."""

    permission_classes = (IsAuthenticated,)
    queryset = Row.objects.none()
    serializer_class = RowSerializer
    pagination_class = RowsInOrder

    def get_queryset(self) -> QuerySet[Row]:
        """Keep those in the state that is asked for."""
        rows = batch_of(self.request, self.kwargs["key"]).rows.select_related("batch")
        state = self.request.query_params.get("state", "")
        return rows.filter(state=state) if state in RowState.values else rows

    @extend_schema(
        operation_id="batches_rows",
        parameters=[_STATE],
        responses={200: RowSerializer(many=True), **problems(401, 403, 404)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the rows in their order, with what is wrong with each."""
        return super().get(request, *args, **kwargs)


class BatchRowView(APIView):
    """One row."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (PlainJSON,)

    @extend_schema(operation_id="batches_row_read", responses={200: RowSerializer, **problems(401, 403, 404)})
    def get(self, request: Request, key: uuid.UUID, number: int) -> Response:
        """Read it."""
        return Response(RowSerializer(_row(request, key, number)).data)

    @extend_schema(
        operation_id="batches_row_repair",
        request=RepairSerializer,
        responses={200: RowSerializer, **problems(*WRITING)},
    )
    def patch(self, request: Request, key: uuid.UUID, number: int) -> Response:
        """Repair it, leave it out, or take it in again."""
        row, actor = _row(request, key, number), caller(request)
        given = read_body(request, RepairSerializer)
        if "values" in given:
            keep = given["keep_duplicate"]
            settled = repair_row(actor=actor, row=row, values=given["values"], keep_duplicate=keep)
        else:
            settled = (skip_row if given["left_out"] else unskip_row)(actor=actor, row=row)
        settled.batch = row.batch
        return Response(RowSerializer(settled).data)


class BatchSubmitView(APIView):
    """Its drafts, on their way to review."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (PlainJSON,)

    @extend_schema(
        operation_id="batches_submit",
        request=SubmitRowsSerializer,
        responses={200: HandedInSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Hand in the drafts that are complete, and say of each other one what blocks it."""
        batch = batch_of(request, key)
        given = read_body(request, SubmitRowsSerializer)
        done = submit_rows(
            actor=caller(request),
            batch=batch,
            numbers=given.get("rows"),
            affirmed=given["affirmed"],
            after=given["after"],
        )
        return Response(asdict(done))


def _row(request: Request, key: uuid.UUID, number: int) -> Row:
    batch = batch_of(request, key)
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise NotFound("There is no such row.")
    row.batch = batch
    return row
