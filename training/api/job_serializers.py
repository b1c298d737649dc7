"""What nodes send about their jobs, and what they get back. Shapes only: rules live in the services."""

from typing import Any

from rest_framework import serializers

from training.api.serializers import STATES, EnvelopeSerializer, S
from training.jobs.heartbeats import MAX_COUNT, MAX_LINE, MAX_LINES, MAX_STEP, Reading
from training.jobs.holding import HoldCode
from training.jobs.models import Job
from training.rounds.models import Round

MAX_ATTEMPT = 32_767  # what its column holds


class WaitingJobSerializer(serializers.ModelSerializer[Job]):
    """A job that waits; nobody may claim it before ``not_before``, where it has one."""

    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Job
        fields = ["id", "kind", "state", "attempt", "not_before"]
        read_only_fields = fields


class WaitingJobsSerializer(S[Any]):
    """The jobs that wait for the calling node, and how soon it should ask again."""

    jobs = WaitingJobSerializer(many=True)
    next_in_seconds = serializers.FloatField(help_text="after which time to ask again")


class JobRoundSerializer(serializers.ModelSerializer[Round]):
    """The round that a job belongs to."""

    state = serializers.CharField(read_only=True, help_text=STATES)
    mode = serializers.CharField(read_only=True, help_text="synchronous or asynchronous")

    class Meta:
        model = Round
        fields = ["id", "number", "state", "mode", "deadline"]
        read_only_fields = fields


class JobContributionSerializer(S[Any]):
    """The weight update that the job committed to."""

    digest = serializers.CharField()
    state = serializers.CharField()


class JobSerializer(serializers.ModelSerializer[Job]):
    """Where a job stands, for a node that was away: in every state, and after its round too."""

    state = serializers.CharField(read_only=True, help_text=STATES)
    round = JobRoundSerializer(read_only=True)
    contribution = JobContributionSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Job
        fields = [
            "id", "kind", "state", "attempt", "not_before", "lease_until", "reason_code", "reason", "round",
            "contribution",
        ]  # fmt: skip
        read_only_fields = fields


class ClaimSerializer(S[Any]):
    """The manifest, countersigned by the node."""

    envelope = EnvelopeSerializer()


class ClaimedSerializer(S[Any]):
    """The attempt that the node may begin, and for how many seconds it may be silent."""

    attempt = serializers.IntegerField()
    lease_seconds = serializers.IntegerField()


class RefuseSerializer(S[Any]):
    """Why the node's own policy says no."""

    code = serializers.SlugField(max_length=80)
    detail = serializers.CharField(max_length=500, allow_blank=True, default="")


class HoldSerializer(S[Any]):
    """Why the node has not taken a job yet."""

    code = serializers.ChoiceField(choices=[(code.value, code.value) for code in HoldCode])
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")


class PauseSerializer(S[Any]):
    """Which attempt pauses (0: it was never claimed), and why."""

    attempt = serializers.IntegerField(min_value=0, max_value=MAX_ATTEMPT)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ResumeSerializer(S[Any]):
    """Nothing needs to be said."""


class JobStateSerializer(serializers.ModelSerializer[Job]):
    """Where a job stands after a request."""

    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Job
        fields = ["id", "state", "attempt", "reason_code"]
        read_only_fields = fields


class ReadingSerializer(S[Any]):
    """One reading: loss in nats per token; what the machine can not tell is left out."""

    step = serializers.IntegerField(min_value=0, max_value=MAX_STEP)
    loss = serializers.FloatField()
    tokens_per_second = serializers.FloatField(default=0.0)
    tokens = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, default=None, allow_null=True, help_text="since the first step"
    )
    memory_bytes = serializers.IntegerField(min_value=0, max_value=MAX_COUNT, default=None, allow_null=True)
    gradient_norm = serializers.FloatField(
        default=None, allow_null=True, help_text="Euclidean, before clipping"
    )
    joules = serializers.FloatField(default=None, allow_null=True, help_text="since the first step")

    def to_internal_value(self, data: Any) -> Reading:
        """Return the reading as services take it."""
        return Reading(**super().to_internal_value(data))


class HeartbeatSerializer(S[Any]):
    """A sign of life."""

    attempt = serializers.IntegerField(min_value=1, max_value=MAX_ATTEMPT)
    phase = serializers.CharField(max_length=40, allow_blank=True, default="")
    step = serializers.IntegerField(min_value=0, max_value=MAX_STEP, default=0)
    steps = serializers.IntegerField(min_value=0, max_value=MAX_STEP, default=0)
    metrics = ReadingSerializer(many=True, default=list)
    log = serializers.ListField(
        child=serializers.CharField(max_length=MAX_LINE, allow_blank=True), default=list, max_length=MAX_LINES
    )


class HeartbeatAnswerSerializer(S[Any]):
    """Whether the worker should stop, for good or for a while, and how soon it should call again."""

    cancel = serializers.BooleanField()
    pause = serializers.BooleanField()
    next_in_seconds = serializers.FloatField()


class FailureSerializer(S[Any]):
    """Why an attempt failed, and whether another one may succeed."""

    attempt = serializers.IntegerField(min_value=1, max_value=MAX_ATTEMPT)
    code = serializers.SlugField(max_length=80)
    detail = serializers.CharField(max_length=500, allow_blank=True, default="")
    retry = serializers.BooleanField(default=False)
