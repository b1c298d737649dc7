"""What callers say in a review. Who may say it, and whether it needs words, the services decide."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.models import Verdict


class NotedSerializer(serializers.Serializer[Any]):
    """A reason, in words."""

    reason = serializers.CharField(max_length=1000)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An approval",
            value={"verdict": "approve", "accepted_for": "training", "note": "Read every file."},
            request_only=True,
        ),
        OpenApiExample(
            "A request for changes",
            value={"verdict": "request-changes", "note": "Say who consented, and when."},
            request_only=True,
        ),
    ]
)
class ReviewSerializer(serializers.Serializer[Any]):
    """A word on the current revision; ``If-Match`` says which one was read."""

    verdict = serializers.ChoiceField(Verdict.choices)
    note = serializers.CharField(required=False, max_length=4000)
    reason_codes = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20
    )
    member = serializers.SlugField(required=False, help_text="for whom, where you maintain several")
    accepted_for = serializers.ChoiceField(
        AcceptedFor.choices, required=False, help_text="of an approval: how far it goes"
    )
    ground = serializers.ChoiceField(BlockGround.choices, required=False, help_text="of a block")


class OpenThreadSerializer(serializers.Serializer[Any]):
    """A new talk."""

    field = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=120, help_text="a dotted path; empty: all"
    )
    text = serializers.CharField(max_length=4000)
    requested = serializers.BooleanField(
        required=False, default=False, help_text="a reviewer wants it answered before the next hand-in"
    )


class ReplySerializer(serializers.Serializer[Any]):
    """Something said in a talk."""

    text = serializers.CharField(max_length=4000)


class ResolveSerializer(serializers.Serializer[Any]):
    """Whether a talk is settled."""

    resolved = serializers.BooleanField()


class AppealGroundsSerializer(serializers.Serializer[Any]):
    """Why the decision should be looked at again."""

    grounds = serializers.CharField(max_length=4000)


class SpeakOnAppealSerializer(serializers.Serializer[Any]):
    """A member's word on an appeal."""

    upholds = serializers.BooleanField(help_text="true: the proposal is reviewed again")
    note = serializers.CharField(max_length=4000)
    member = serializers.SlugField(required=False, help_text="for whom, where you maintain several")
