"""Any two versions of an entry side by side (DG:9)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.api.serializers import ProblemSerializer
from catalog.api.views import PROBLEM, find_version
from catalog.lifecycle.comparison import Comparison, compare_versions
from catalog.lifecycle.files import FileDifference
from catalog.members.actors import actor_of


class ComparisonParameters(serializers.Serializer[dict[str, Any]]):
    """Which two versions. Their order is the reader's."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Name the fields; ``from`` is a word of Python."""
        return {
            name: serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="number of a version")
            for name in ("from", "to")
        }


class ChangedSerializer(serializers.Serializer[Any]):
    """One value that is another now; null stands for "not there"."""

    path = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ListedSerializer(serializers.Serializer[Any]):
    """A file by path, sha256 and size in bytes."""

    path = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()


class FileChangeSerializer(serializers.Serializer[Any]):
    """``verb`` is added, removed, renamed (the same bytes under another path) or changed."""

    verb = serializers.ChoiceField(["added", "removed", "renamed", "changed"])
    before = ListedSerializer(allow_null=True)
    after = ListedSerializer(allow_null=True)


class FileDifferenceSerializer(serializers.Serializer[FileDifference]):
    """All files that differ, by path, and how many do not."""

    changes = FileChangeSerializer(many=True)
    unchanged = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """What differs, as far as the reader may know of both versions; ``withheld``: something was left out."""

    before = serializers.IntegerField(source="before.number")
    after = serializers.IntegerField(source="after.number")
    change_note = serializers.SerializerMethodField()
    record = ChangedSerializer(many=True, source="answers")
    totals = ChangedSerializer(many=True)
    facts = ChangedSerializer(many=True)
    files = FileDifferenceSerializer(allow_null=True)
    withheld = serializers.BooleanField()

    def get_change_note(self, comparison: Comparison) -> str:
        """What changed, in its steward's words; empty where a tombstone is all that the reader may read."""
        return comparison.after.change_note if "summary" in comparison.records[1] else ""


class ComparisonView(APIView):
    """A readable difference."""

    @extend_schema(
        operation_id="datasets_compare",
        parameters=[ComparisonParameters],
        responses={
            200: ComparisonSerializer,
            (400, PROBLEM): ProblemSerializer,
            (404, PROBLEM): ProblemSerializer,
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """What changed from one version to another: record, files, totals and computed facts."""
        parameters = ComparisonParameters(data=request.query_params)
        parameters.is_valid(raise_exception=True)
        actor = actor_of(request.user)
        before, after = (find_version(actor, slug, parameters.validated_data[end]) for end in ("from", "to"))
        return Response(ComparisonSerializer(compare_versions(actor, before, after)).data)
