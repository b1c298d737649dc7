"""`/api/v1/notifications/`: what the caller was told, and marks of what they have read."""

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM
from catalog.interchange.addresses import absolute
from catalog.members.actors import actor_of
from catalog.notifications.marking import mark_read
from catalog.notifications.models import Notification
from catalog.notifications.reading import notifications_of
from catalog.notifications.wording import Told, tell_each

MOST_AT_ONCE: Final = 500


class NotificationSerializer(serializers.Serializer[Any]):
    """What happened, in the language that the request prefers, and where to look."""

    id = serializers.UUIDField(source="key")
    action = serializers.CharField(help_text="of the event, noun and verb")
    sentence = serializers.CharField()
    about = serializers.CharField(help_text="the name of what it is about")
    why = serializers.CharField(help_text="why it concerns the caller")
    url = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    is_read = serializers.BooleanField()

    def get_url(self, told: Told) -> str:
        """The page of what it is about."""
        return absolute(told.path)


class MarkSerializer(serializers.Serializer[Any]):
    """Which to mark: these, or without ``ids`` all until ``until``, or simply all."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=MOST_AT_ONCE, required=False)
    until = serializers.DateTimeField(required=False)


class MarkedSerializer(serializers.Serializer[Any]):
    """How many were unread before."""

    marked = serializers.IntegerField()


class NewestNotifications(CursorPagination):
    """By time; the keys of notifications are random."""

    ordering = ("-created_at", "-pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class NotificationsView(GenericAPIView[Notification]):
    """The caller's notifications."""

    permission_classes = (IsAuthenticated,)
    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    pagination_class = NewestNotifications

    def get_queryset(self) -> QuerySet[Notification]:
        """Keep what the caller may still know of."""
        return notifications_of(actor_of(self.request.user)).select_related("event")

    @extend_schema(operation_id="notifications_list", responses=NotificationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List what you were told, read or not, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(
            NotificationSerializer(tell_each(actor_of(request.user), page), many=True).data
        )


class MarkView(APIView):
    """Marks of what was read."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="notifications_read",
        request=MarkSerializer,
        responses={200: MarkedSerializer, **{(status, PROBLEM): ProblemSerializer for status in (400, 403)}},
    )
    def post(self, request: Request) -> Response:
        """Mark notifications as read. Ids that are not yours change nothing."""
        body = MarkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        marked = mark_read(actor=actor_of(request.user), keys=given.get("ids"), until=given.get("until"))
        return Response({"marked": marked})
