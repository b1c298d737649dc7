"""Rollbacks: what was taken out of shared bases, and what came in its place."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination

from training.api.public_views import caller
from training.rollbacks.discovering import discoverable
from training.rollbacks.models import Descendant, Rollback, RollbackStep

Slug = serializers.SlugRelatedField[Any]


class RollbackStepSerializer(serializers.ModelSerializer[RollbackStep]):
    """One base computed again."""

    replaces = Slug(slug_field="digest", read_only=True)
    made = Slug(slug_field="digest", read_only=True, allow_null=True)

    class Meta:
        model = RollbackStep
        fields = ["number", "replaces", "made", "seconds"]
        read_only_fields = fields


class DescendantSerializer(serializers.ModelSerializer[Descendant]):
    """Something that descends from what is taken out, and what is planned with it."""

    kind = serializers.CharField(read_only=True, help_text="base, round, contribution, build or derivative")
    plan = serializers.CharField(read_only=True, help_text="replaced, dropped, kept, abandoned, review, …")
    member = Slug(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Descendant
        fields = ["kind", "subject", "plan", "member", "done_at"]
        read_only_fields = fields


class RollbackSerializer(serializers.ModelSerializer[Rollback]):
    """A rollback as it stands; grounds and notes are for the consortium, on its page."""

    family = Slug(slug_field="slug", read_only=True)
    contributions = Slug(slug_field="digest", many=True, read_only=True)
    level = serializers.IntegerField(read_only=True, help_text="1: replay, 2: also what was trained on it")
    state = serializers.CharField(read_only=True, help_text="proposed, replaying, done, refused, …")
    member = Slug(slug_field="slug", read_only=True)
    head = Slug(slug_field="digest", read_only=True)
    result = Slug(slug_field="digest", read_only=True, allow_null=True)
    steps = RollbackStepSerializer(many=True, read_only=True)

    class Meta:
        model = Rollback
        fields = [
            *("id", "family", "contributions", "level", "state", "reason_code", "member", "quorum"),
            *("head", "result", "cause", "steps", "created_at", "ended_at"),
        ]
        read_only_fields = fields


class RollbackDetailSerializer(RollbackSerializer):
    """With what descends from it, as far as the caller may discover it; kept when the vote has passed."""

    descendants = serializers.SerializerMethodField()

    class Meta(RollbackSerializer.Meta):
        fields = [*RollbackSerializer.Meta.fields, "descendants"]
        read_only_fields = fields

    @extend_schema_field(DescendantSerializer(many=True))
    def get_descendants(self, rollback: Rollback) -> Any:
        """Return those that the caller may know of (INV-6)."""
        known = discoverable(self.context["actor"], rollback.descendants.select_related("member"))
        return DescendantSerializer(known, many=True).data


class NewestRollbacks(CursorPagination):
    """By time; their keys are random."""

    ordering = ("-created_at", "pk")
    page_size = 25


ROWS: Final = Rollback.objects.select_related("family", "member", "head", "result").prefetch_related(
    "contributions", "steps__replaces", "steps__made"
)


class RollbacksView(ListAPIView[Rollback]):
    """All rollbacks, newest first."""

    serializer_class = RollbackSerializer
    pagination_class = NewestRollbacks
    queryset = ROWS


class RollbackView(RetrieveAPIView[Rollback]):
    """One rollback."""

    serializer_class = RollbackDetailSerializer
    queryset = ROWS
    lookup_url_kwarg = "key"

    def get_serializer_context(self) -> dict[str, Any]:
        """Add who asks."""
        return {**super().get_serializer_context(), "actor": caller(self.request)}
