"""Weight updates as everybody may read them; figures of their bytes only when the round has collected."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from training.api.serializers import STATES
from training.contributions.missing import missing_decisions
from training.contributions.models import Contribution, ReExecution
from training.jobs.models import Job
from training.rounds.windows import are_bytes_readable

FIGURES = ("norm", "relative_norm", "findings")


class ReExecutionSerializer(serializers.ModelSerializer[Job]):
    """A node that was asked to compute the update again, and what came out: null until it has."""

    node = serializers.CharField(source="node.slug", read_only=True)
    job = serializers.UUIDField(source="pk", read_only=True)
    state = serializers.CharField(read_only=True, help_text=STATES)
    identical = serializers.SerializerMethodField()
    distance = serializers.SerializerMethodField(help_text="Relative Frobenius norm of the difference.")

    class Meta:
        model = Job
        fields = ["node", "job", "state", "identical", "distance"]
        read_only_fields = fields

    def get_identical(self, job: Job) -> bool | None:
        """Tell whether the same bytes came out."""
        outcome = _outcome(job)
        return None if outcome is None else outcome.identical

    def get_distance(self, job: Job) -> float | None:
        """Return how far off it was."""
        outcome = _outcome(job)
        return None if outcome is None else outcome.distance


class RoundContributionSerializer(serializers.ModelSerializer[Contribution]):
    """A weight update: committed to, received, judged; and what is still missing before it is decided."""

    node = serializers.CharField(source="job.node.slug", read_only=True)
    state = serializers.CharField(read_only=True, help_text=STATES)
    codec = serializers.CharField(read_only=True)
    staleness = serializers.IntegerField(
        read_only=True, help_text="Bases between the one it was trained from and the one of the round."
    )
    summary = serializers.SerializerMethodField(help_text="What the node reports: steps, tokens, losses.")
    encoding_error = serializers.SerializerMethodField(
        help_text="What the codec cost: relative Frobenius norm. Null until the round has collected."
    )
    admission = serializers.SerializerMethodField(
        help_text="Norms and findings of the admission check. Null until the round has collected."
    )
    missing = serializers.SerializerMethodField()
    re_executions = ReExecutionSerializer(source="checks", many=True, read_only=True)

    class Meta:
        model = Contribution
        fields = [
            *("digest", "node", "state", "staleness", "weights_sha256", "weights_bytes", "codec"),
            *("encoding_error", "committed_at", "received_at", "summary", "admission", "missing"),
            "re_executions",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_summary(self, contribution: Contribution) -> dict[str, Any]:
        """Return what the node says of its training."""
        return {name: value for name, value in contribution.summary.items() if name != "encoding_error"}

    def get_encoding_error(self, contribution: Contribution) -> float | None:
        """Return the figure of the signed statement; 0 where it was written before there were codecs."""
        if not are_bytes_readable(contribution.round):
            return None
        return float(contribution.summary.get("encoding_error", 0.0))

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_admission(self, contribution: Contribution) -> dict[str, Any] | None:
        """Return the report without its part for each tensor."""
        if not contribution.admission or not are_bytes_readable(contribution.round):
            return None
        return {name: contribution.admission.get(name) for name in FIGURES}

    def get_missing(self, contribution: Contribution) -> list[str]:
        """Say in words who still has to decide."""
        return missing_decisions(contribution)


def _outcome(job: Job) -> ReExecution | None:
    outcome: ReExecution | None = getattr(job, "re_execution", None)
    return outcome
