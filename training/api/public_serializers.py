"""Rounds and bases as everybody may read them; what hangs on a dataset depends on who asks (INV-6)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.datasets.models import Dataset, DatasetVersion
from provenance.actors import Actor
from training.api.ballot_serializers import StragglerBallotSerializer
from training.api.contribution_serializers import RoundContributionSerializer
from training.api.serializers import STATES
from training.checkpoints.models import Checkpoint, Evaluation
from training.contributions.models import Contribution
from training.jobs.models import Job
from training.rounds.ballots import ballot_of
from training.rounds.models import Round

Slug = serializers.SlugRelatedField[Any]


class UsedVersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    """A dataset version that a job consumed."""

    dataset = Slug(slug_field="slug", read_only=True)

    class Meta:
        model = DatasetVersion
        fields = ["dataset", "number", "digest", "tier"]
        read_only_fields = fields


class RoundJobSerializer(serializers.ModelSerializer[Job]):
    """How far one node is; ``reason`` says why a job ended otherwise than with success."""

    node = Slug(slug_field="slug", read_only=True)
    state = serializers.CharField(read_only=True, help_text=STATES)
    datasets = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            *("id", "node", "kind", "state", "attempt", "phase", "step", "steps"),
            *("held_code", "reason_code", "reason", "datasets"),
        ]
        read_only_fields = fields

    @extend_schema_field(UsedVersionSerializer(many=True))
    def get_datasets(self, job: Job) -> Any:
        """List the inputs that the caller may discover."""
        visible: frozenset[str] = self.context["actor"].audiences
        versions = [used.version for used in job.inputs.all() if used.version.dataset.audience in visible]
        return UsedVersionSerializer(versions, many=True).data


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """Bits per byte on held-out text; of a candidate as long as it is no base."""

    checkpoint = Slug(slug_field="digest", read_only=True)
    standing = serializers.CharField(
        source="checkpoint.standing", read_only=True, help_text="candidate or base"
    )
    version = Slug(slug_field="digest", read_only=True)
    node = serializers.CharField(source="job.node.slug", read_only=True)

    class Meta:
        model = Evaluation
        fields = ["checkpoint", "standing", "version", "node", "language", "bits_per_byte", "bytes"]
        read_only_fields = fields


class RoundSerializer(serializers.ModelSerializer[Round]):
    """A turn of the loop, as it stands now."""

    family = Slug(slug_field="slug", read_only=True)
    base = Slug(slug_field="digest", read_only=True)
    candidate = Slug(slug_field="digest", read_only=True, allow_null=True)
    result = Slug(slug_field="digest", read_only=True, allow_null=True)
    state = serializers.CharField(read_only=True, help_text=STATES)
    plan = serializers.DictField(read_only=True)
    rules = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="In force when it opened, by key."
    )
    mode = serializers.CharField(read_only=True, help_text="synchronous or asynchronous")
    waiting_code = serializers.CharField(read_only=True, help_text="Why it stands where it stands; stable.")
    ballot = serializers.SerializerMethodField()
    jobs = RoundJobSerializer(many=True, read_only=True)
    contributions = serializers.SerializerMethodField()
    evaluations = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = [
            *("id", "family", "number", "state", "waiting_code", "waiting_since", "waiting_for"),
            *("base", "candidate", "result", "plan", "rules", "mode", "most_stale", "quorum"),
            *("minimum_contributions", "opened_at", "deadline", "closed_at", "ballot"),
            *("jobs", "contributions", "evaluations"),
        ]
        read_only_fields = fields

    @extend_schema_field(StragglerBallotSerializer(allow_null=True))
    def get_ballot(self, round_: Round) -> Any:
        """Return the vote on missing nodes, while one is open."""
        ballot = ballot_of(round_)
        return None if ballot is None else StragglerBallotSerializer(ballot).data

    @extend_schema_field(RoundContributionSerializer(many=True))
    def get_contributions(self, round_: Round) -> Any:
        """List the contributions by digest, the order in which they are merged."""
        found = Contribution.objects.filter(round=round_).order_by("digest")
        found = found.select_related("job__node__member", "round")
        found = found.prefetch_related("checks__node", "checks__re_execution")
        return RoundContributionSerializer(found, many=True).data

    @extend_schema_field(EvaluationSerializer(many=True))
    def get_evaluations(self, round_: Round) -> Any:
        """List what this round's jobs measured, on versions that the caller may discover."""
        found = visible_evaluations(self.context["actor"]).filter(job__round=round_)
        return EvaluationSerializer(found, many=True).data


class TokenizerSerializer(serializers.Serializer[Any]):
    """A ``tokenizer.json`` by its address and size."""

    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()


class CheckpointSerializer(serializers.ModelSerializer[Checkpoint]):
    """A base and how to compute it again."""

    family = Slug(slug_field="slug", read_only=True)
    # The metaclass takes fields off the class, so the name does not hide the framework's own `parent`.
    parent = Slug(slug_field="digest", read_only=True, allow_null=True)  # type: ignore[assignment]
    recipe = serializers.DictField(read_only=True)
    architecture = serializers.DictField(source="family.architecture", read_only=True)
    tokenizer = serializers.SerializerMethodField(help_text="of the family: sha256 and bytes of its file")
    round = serializers.SerializerMethodField()
    evaluations = serializers.SerializerMethodField()

    class Meta:
        model = Checkpoint
        fields = [
            *("digest", "family", "number", "parent", "weights_sha256", "weights_bytes", "recipe"),
            *("architecture", "tokenizer", "round", "created_at", "evaluations"),
        ]
        read_only_fields = fields

    @extend_schema_field(TokenizerSerializer(allow_null=True))
    def get_tokenizer(self, checkpoint: Checkpoint) -> dict[str, Any] | None:
        """Return the address and size of the ``tokenizer.json``, or null where the family reads bytes."""
        family = checkpoint.family
        if not family.tokenizer_sha256:
            return None
        return {"sha256": family.tokenizer_sha256, "bytes": family.tokenizer_bytes}

    def get_round(self, checkpoint: Checkpoint) -> int | None:
        """Return the id of the round that made it."""
        return Round.objects.filter(result=checkpoint).values_list("pk", flat=True).first()

    @extend_schema_field(EvaluationSerializer(many=True))
    def get_evaluations(self, checkpoint: Checkpoint) -> Any:
        """List what was measured of it, on versions that the caller may discover."""
        found = visible_evaluations(self.context["actor"]).filter(checkpoint=checkpoint)
        return EvaluationSerializer(found, many=True).data


def visible_evaluations(actor: Actor) -> Any:
    """Return the figures on dataset versions that ``actor`` may discover."""
    visible = Dataset.objects.visible_to(actor)
    return Evaluation.objects.filter(version__dataset__in=visible).select_related(
        "checkpoint", "version", "job__node"
    )
