"""`/api/v1/rules/` and `/api/v1/motions/`: what holds, who made it, and voting. Reading is for everybody."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.motions import (
    BallotSerializer,
    CastSerializer,
    MotionSerializer,
    MoveSerializer,
    RuleSerializer,
)
from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM
from catalog.governance.counting import Tally, tallies_of
from catalog.governance.models import Motion
from catalog.governance.reading import rules_in_force
from catalog.governance.services import move, vote, withdraw_motion
from catalog.members.actors import actor_of
from catalog.members.models import Member, User
from provenance.actors import Actor
from provenance.errors import Invalid, NotFound

PROBLEMS = {(status, PROBLEM): ProblemSerializer for status in (400, 401, 403, 404, 409, 422)}


class RulesPageSerializer(serializers.Serializer[Any]):
    """All rules, in one answer."""

    results = RuleSerializer(many=True)


class RulesView(APIView):
    """What the members decided about their own working."""

    @extend_schema(operation_id="rules_list", responses={200: RulesPageSerializer})
    def get(self, _request: Request) -> Response:
        """List every rule with its value in force, its bounds, and the motion that made it."""
        return Response({"results": RuleSerializer(rules_in_force().values(), many=True).data})


class NewestMotions(CursorPagination):
    """By time; the keys of motions are random."""

    ordering = ("-opened_at", "pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class MotionsView(ListAPIView[Motion]):
    """All motions, open and ended; a maintainer adds one."""

    permission_classes = (IsAuthenticatedOrReadOnly,)
    queryset = Motion.objects.select_related("member").prefetch_related("ballots__member")
    serializer_class = MotionSerializer
    pagination_class = NewestMotions
    tallies: Mapping[uuid.UUID, Tally] = MappingProxyType({})

    @extend_schema(operation_id="motions_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List motions with their ballots, newest first."""
        return super().get(request, *args, **kwargs)

    def paginate_queryset(self, queryset: Any) -> Any:
        """Count the ballots of all that are listed at once."""
        page = super().paginate_queryset(queryset)
        self.tallies = tallies_of([motion.pk for motion in page or []])
        return page

    def get_serializer_context(self) -> dict[str, Any]:
        """Hand on the tallies, and who asks."""
        known = super().get_serializer_context()
        return {**known, "actor": _caller(self.request), "tallies": self.tallies}

    @extend_schema(
        operation_id="motions_create", request=MoveSerializer, responses={201: MotionSerializer, **PROBLEMS}
    )
    def post(self, request: Request) -> Response:
        """Open a motion for a member that the caller maintains."""
        actor, given = _caller(request), _given(MoveSerializer(data=request.data))
        motion = move(
            actor=actor,
            kind=given["kind"],
            change=given["change"],
            reason=given["reason"],
            member=_member(given.get("member", "")),
        )
        document = _document(actor, motion)
        return Response(document, status=201, headers={"Location": document["url"]})


class MotionView(APIView):
    """One motion."""

    @extend_schema(
        operation_id="motions_read", responses={200: MotionSerializer, (404, PROBLEM): ProblemSerializer}
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """Tell what would change, who voted what, and how many are still needed."""
        return Response(_document(_caller(request), _motion(key)))


class BallotsView(APIView):
    """Voting."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="motions_vote", request=CastSerializer, responses={201: BallotSerializer, **PROBLEMS}
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Cast the ballot of a member that the caller maintains; it stays."""
        actor, motion, given = _caller(request), _motion(key), _given(CastSerializer(data=request.data))
        member = _member(given.get("member", ""))
        ballot = vote(actor=actor, motion=motion, choice=given["choice"], note=given["note"], member=member)
        return Response(BallotSerializer(ballot).data, status=201)


class WithdrawMotionView(APIView):
    """Taking a motion back."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="motions_withdraw", request=None, responses={200: MotionSerializer, **PROBLEMS}
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """End an open motion of a member that the caller maintains."""
        actor = _caller(request)
        return Response(_document(actor, withdraw_motion(actor=actor, motion=_motion(key))))


def _caller(request: Request) -> Actor:
    return actor_of(cast("User", request.user))


def _given(body: serializers.Serializer[Any]) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _motion(key: uuid.UUID) -> Motion:
    rows = Motion.objects.select_related("member").prefetch_related("ballots__member")
    motion = rows.filter(pk=key).first()
    if motion is None:
        raise NotFound("There is no such motion.", code="motion-not-found")
    return motion


def _context(actor: Actor, motions: list[Motion]) -> dict[str, Any]:
    return {"actor": actor, "tallies": tallies_of([motion.pk for motion in motions])}


def _document(actor: Actor, motion: Motion) -> dict[str, Any]:
    return dict(MotionSerializer(motion, context=_context(actor, [motion])).data)


def _member(slug: str) -> Member | None:
    """Return the member that the caller named; None leaves it to the service."""
    if not slug:
        return None
    member = Member.objects.filter(slug=slug).first()
    if member is None:
        message = "There is no such member."
        raise Invalid(message, code="member-unknown", fields={"member": [message]})
    return member
