"""What the API tells of a review. People stand in it by identifier, as in the log: ``person:7``."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.review.models import Appeal, AppealVoice, Assignment, Comment, Recusal, Review, Thread


class PersonField(serializers.IntegerField):
    """The identifier of a person, from a row's foreign key."""

    def to_representation(self, value: Any) -> Any:
        """Return it as events have it."""
        return f"person:{value}"


def person_field(source: str, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    """Return a field that tells who, by identifier."""
    kind = extend_schema_field({"type": "string", "example": "person:7"})(PersonField)
    return kind(source=source, read_only=True, **options)


def member_field(source: str = "member") -> serializers.SlugField:
    """Return a field that tells for which member."""
    return serializers.SlugField(source=f"{source}.slug", read_only=True)


class SaidSerializer(serializers.ModelSerializer[Review]):
    """One word on one revision."""

    reviewer = person_field("reviewer_id")
    member = member_field()

    class Meta:
        model = Review
        fields = (
            *("id", "revision", "member", "reviewer", "capacity", "verdict", "accepted_for", "ground"),
            *("reason_codes", "note", "created_at"),
        )
        read_only_fields = fields


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """Who is asked to review, and by when. ``assigned_by`` is null where it came by turns."""

    reviewer = person_field("reviewer_id")
    member = member_field()
    assigned_by = person_field("assigned_by_id", allow_null=True)

    class Meta:
        model = Assignment
        fields = ("id", "reviewer", "member", "state", "assigned_by", "created_at", "due_at", "ended_at")
        read_only_fields = fields


class RecusalSerializer(serializers.ModelSerializer[Recusal]):
    """Somebody's word not to decide."""

    person = person_field("person_id")

    class Meta:
        model = Recusal
        fields = ("person", "reason", "created_at")
        read_only_fields = fields


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """One thing said."""

    author = person_field("author_id")
    member = member_field()

    class Meta:
        model = Comment
        fields = ("id", "author", "member", "revision", "text", "created_at")
        read_only_fields = fields


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    """A talk about one field, or about all of the proposal where ``field`` is empty."""

    opened_by = person_field("opened_by_id")
    resolved_by = person_field("resolved_by_id", allow_null=True)
    comments = CommentSerializer(many=True, read_only=True)

    class Meta:
        model = Thread
        fields = (
            *("id", "field", "revision", "requested", "opened_by", "created_at"),
            *("resolved_by", "resolved_at", "comments"),
        )
        read_only_fields = fields


class AppealVoiceSerializer(serializers.ModelSerializer[AppealVoice]):
    """One member's word on an appeal."""

    reviewer = person_field("reviewer_id")
    member = member_field()

    class Meta:
        model = AppealVoice
        fields = ("reviewer", "member", "upholds", "note", "created_at")
        read_only_fields = fields


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    """A call against a rejection or a block, with the voices on it."""

    member = member_field()
    made_by = person_field("made_by_id")
    voices = AppealVoiceSerializer(many=True, read_only=True)

    class Meta:
        model = Appeal
        fields = (
            *("id", "against", "revision", "member", "made_by", "grounds", "state"),
            *("created_at", "due_at", "decided_at", "voices"),
        )
        read_only_fields = fields
