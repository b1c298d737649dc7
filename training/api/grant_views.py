"""The data-access API: a grant for named files, ranged reads under it, and its end (DM:4, DM:9)."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.errors import Invalid
from training.api.base import NodeView
from training.api.grant_serializers import GrantRequestSerializer, GrantSerializer, IssuedGrantSerializer
from training.api.job_views import BytesRenderer
from training.api.streaming import span_of, stream_blob
from training.grants.models import DataGrant
from training.grants.services import GrantWatch, give_back, open_file, request_grant


class NewestFirst(CursorPagination):
    """A node's grants in pages of a hundred."""

    ordering = "-issued_at"
    page_size = 100


class Grants(NodeView, GenericAPIView[DataGrant]):
    """A node's own grants."""

    queryset = DataGrant.objects.select_related("version__dataset")
    serializer_class = GrantSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[DataGrant]:
        """Keep the caller's own."""
        return super().get_queryset().filter(node=self.node)

    @extend_schema(operation_id="data_grants_list", responses=GrantSerializer(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """List what this node was granted, newest first, with what ended."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(GrantSerializer(page, many=True).data)

    @extend_schema(
        operation_id="data_grants_create",
        request=GrantRequestSerializer,
        responses={201: IssuedGrantSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for leave to read; the seven steps of the manifest's validation decide."""
        if not isinstance(request.data, Mapping):
            raise Invalid("A manifest is a JSON object.", code="manifest-incomplete", requirement="DM:16")
        return Response(IssuedGrantSerializer(request_grant(self.node, request.data)).data, status=201)


class GrantView(NodeView):
    """One grant."""

    @extend_schema(operation_id="data_grants_give_back", responses={204: None})
    def delete(self, request: Request, key: UUID) -> Response:  # noqa: ARG002
        """Give a grant back before its time; once more changes nothing."""
        give_back(self.node, key)
        return Response(status=204)


class GrantFileView(NodeView):
    """A file that a grant names."""

    renderer_classes = [JSONRenderer, BytesRenderer]

    @extend_schema(
        operation_id="data_grants_read", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, key: UUID, path: str) -> HttpResponseBase:
        """Stream the file, whole or one range of bytes. Each chunk asks whether the grant still stands."""
        opened = open_file(self.node, key, path)
        http = request._request  # noqa: SLF001 - the answer bypasses the framework's rendering
        sha256, size = opened.file.sha256, opened.file.bytes
        span = span_of(http, sha256=sha256, size=size)
        sends = span.satisfiable and http.method != "HEAD"
        watch = GrantWatch(opened, begin=span.begin, end=span.end if sends else span.begin)
        return stream_blob(http, sha256=sha256, size=size, watch=watch)
