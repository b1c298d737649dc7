"""The report of a withdrawal, for programs and for the files of whoever is responsible."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.datasets.models import Dataset
from provenance.errors import NotFound, NotPermitted
from training.api.public_views import caller
from training.withdrawals.models import WithdrawalTask
from training.withdrawals.report import report_for

S = serializers.Serializer


class WithdrawalTaskSerializer(serializers.ModelSerializer[WithdrawalTask]):
    """One thing that the withdrawal reaches, and what came of it."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    kind = serializers.CharField(read_only=True)
    action = serializers.CharField(read_only=True)

    class Meta:
        model = WithdrawalTask
        fields = ("kind", "subject", "name", "member", "action", "note", "done_by", "done_at")
        read_only_fields = fields


class ExportsSerializer(S[Any]):
    """Downloads by people, as counts alone."""

    downloads = serializers.IntegerField()
    members = serializers.IntegerField()
    anonymous = serializers.IntegerField()


class WithdrawalSerializer(S[Any]):
    """The report as far as the reader may know; of an outsider's, only the first six fields say anything."""

    dataset = serializers.SlugField(source="dataset.slug")
    member = serializers.SlugField(source="dataset.member.slug")
    tier = serializers.CharField(source="dataset.tier")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(source="dataset.withdrawal_reason")
    detailed = serializers.BooleanField()
    is_preview = serializers.BooleanField()
    grants_live = serializers.SerializerMethodField()
    grants_revoked = serializers.IntegerField()
    stored_files = serializers.IntegerField()
    stored_bytes = serializers.IntegerField()
    exports = ExportsSerializer()
    tasks = WithdrawalTaskSerializer(many=True)
    done = serializers.IntegerField()

    def get_grants_live(self, report: Any) -> int:
        """How many grants on it still hold; none once it is withdrawn."""
        return len(report.grants)


class WithdrawalView(APIView):
    """What a withdrawal reached, or would reach."""

    @extend_schema(operation_id="datasets_withdrawal", responses=WithdrawalSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Report it; insiders also learn beforehand what a withdrawal would reach (DM:17)."""
        actor = caller(request)
        dataset = Dataset.objects.visible_to(actor).select_related("member").filter(slug=slug).first()
        if dataset is None:
            raise NotFound("There is no such dataset.")
        report = report_for(actor, dataset)
        if report.is_preview and not report.detailed:
            raise NotPermitted(
                "Its owner and maintainers read what a withdrawal would reach.",
                code="not-an-insider",
                requirement="DM:17",
            )
        answer = Response(WithdrawalSerializer(report).data)
        answer["Content-Disposition"] = f'inline; filename="{slug}-withdrawal.json"'
        return answer
