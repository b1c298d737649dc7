from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.members.actors import actor_of
from catalog.pages.event_log import filters_of
from provenance.events.export import line_of
from provenance.events.models import Event
from provenance.events.reading import recent

FILTERS = ("action", "subject", "artifact", "member", "outcome")


class EventLineSerializer(serializers.Serializer[Any]):
    """An event: ``digest`` is the sha256 of ``content`` in canonical JSON (RFC 8785)."""

    content = serializers.DictField()
    digest = serializers.CharField()


class NewestEvents(CursorPagination):
    """By time: a cursor of row numbers would tell of the rows between that the reader may not see (INV-6)."""

    ordering = "-time"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


class LogView(GenericAPIView[Event]):
    """The event log."""

    queryset = Event.objects.none()
    serializer_class = EventLineSerializer
    pagination_class = NewestEvents

    def get_queryset(self) -> QuerySet[Event]:
        """Keep what the caller may discover, filtered as on the log's page."""
        asked = self.request._request.GET  # noqa: SLF001 - the same filters as the page's
        return recent(actor_of(self.request.user).audiences, filters_of(asked))

    @extend_schema(
        operation_id="log_list",
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in FILTERS],
        responses=EventLineSerializer(many=True),
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """List events, newest first. The whole at once, to check elsewhere: `/log/export.jsonl`."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([line_of(event) for event in page])
