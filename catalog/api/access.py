"""`/api/v1/access/` and `/api/v1/datasets/<slug>/access/`: requests for access, for the two members alone."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.access.asking import LONGEST
from catalog.access.models import AccessRequest
from catalog.access.reading import visible_to
from catalog.access.services import request_access
from catalog.access.states import AccessState
from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM
from catalog.datasets.models import Dataset
from catalog.interchange.addresses import absolute
from catalog.members.actors import actor_of
from catalog.members.models import Member, User
from catalog.tiers import Purpose
from provenance.actors import Actor
from provenance.errors import Invalid, NotFound


class AccessRequestSerializer(serializers.ModelSerializer[AccessRequest]):
    """A request and what came of it; a renewal names the request that it follows."""

    dataset = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, help_text="who asks")
    owner = serializers.SlugField(source="dataset.member.slug", read_only=True, help_text="who decides")
    purpose = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True, help_text=", ".join(AccessState.values))
    url = serializers.SerializerMethodField()

    class Meta:
        model = AccessRequest
        fields = (
            *("id", "dataset", "member", "owner", "purpose", "project", "scope", "days", "state", "renews"),
            *("created_at", "decided_at", "reason_codes", "note", "starts_at", "expires_at", "url"),
        )
        read_only_fields = fields

    def get_url(self, request: AccessRequest) -> str:
        """The request's page."""
        return absolute(request.get_absolute_url())


class AskSerializer(serializers.Serializer[Any]):
    """What the owner has to know to decide."""

    member = serializers.SlugField(help_text="one of yours, for which you ask")
    purpose = serializers.CharField(default=Purpose.SOVEREIGN_BUILD.value, help_text=", ".join(Purpose))
    project = serializers.CharField(max_length=200)
    scope = serializers.CharField(max_length=4000)
    days = serializers.IntegerField(min_value=1, max_value=LONGEST)

    def validate_purpose(self, value: str) -> Purpose:
        """Take one of the purposes that the policy knows."""
        if value not in set(Purpose):
            raise serializers.ValidationError(f"One of: {', '.join(Purpose)}.", code="invalid_choice")
        return Purpose(value)


class NewestRequests(CursorPagination):
    """By time; the keys of requests are random."""

    ordering = ("-created_at", "pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class AccessRequestsView(ListAPIView[AccessRequest]):
    """The caller's requests."""

    permission_classes = (IsAuthenticated,)
    queryset = AccessRequest.objects.none()
    serializer_class = AccessRequestSerializer
    pagination_class = NewestRequests

    def get_queryset(self) -> QuerySet[AccessRequest]:
        """Keep those that the caller's members made or decide on."""
        return visible_to(_caller(self.request))

    @extend_schema(operation_id="access_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the requests that your members made, and those that they decide on; newest first."""
        return super().get(request, *args, **kwargs)


class AskForAccessView(APIView):
    """Asking for one entry."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="access_request",
        request=AskSerializer,
        responses={
            201: AccessRequestSerializer,
            **{(status, PROBLEM): ProblemSerializer for status in (400, 403, 404, 409, 422)},
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask its owner. Missing and hidden entries look alike, whatever the body says."""
        actor = _caller(request)
        dataset = Dataset.objects.visible_to(actor).filter(slug=slug).first()
        if dataset is None:
            raise NotFound("There is no such dataset.")
        body = AskSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        asked = request_access(
            actor=actor,
            dataset=dataset,
            member=_member(given["member"]),
            purpose=given["purpose"],
            project=given["project"],
            scope=given["scope"],
            days=given["days"],
        )
        document = AccessRequestSerializer(asked).data
        return Response(document, status=201, headers={"Location": document["url"]})


def _caller(request: Request) -> Actor:
    return actor_of(cast("User", request.user))


def _member(slug: str) -> Member:
    member = Member.objects.filter(slug=slug).first()
    if member is None:
        message = "There is no such member."
        raise Invalid(message, code="member-unknown", fields={"member": [message]})
    return member
