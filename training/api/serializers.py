"""What nodes send and what they get back. Shapes only: rules live in the services."""

import re
from typing import Any, Final

from rest_framework import serializers

from training.jobs.heartbeats import MAX_LINE, MAX_LINES, MAX_STEP, Reading
from training.jobs.models import Job
from training.nodes.models import Node

S = serializers.Serializer
MAX_CAPABILITIES: Final = 20
STATES: Final = "See docs/design/001-foundation.md, States."
_PLAIN: Final = re.compile(r"[a-z0-9_]{1,40}")


class SignatureSerializer(S[Any]):
    """One signature of an envelope."""

    keyid = serializers.CharField(max_length=300)
    sig = serializers.CharField(max_length=100)


class EnvelopeSerializer(S[Any]):
    """A DSSE envelope, as the program that signed it wrote it."""

    payloadType = serializers.CharField(max_length=200)  # noqa: N815 - DSSE's name
    payload = serializers.CharField()
    signatures = SignatureSerializer(many=True)


class EnrolSerializer(serializers.ModelSerializer[Node]):
    """A node's wish to take part."""

    did = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=80)
    member = serializers.SlugField(max_length=80)
    jurisdiction = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2")
    capabilities = serializers.DictField(child=serializers.CharField(max_length=200), default=dict)

    class Meta:
        model = Node
        fields = ["did", "slug", "name", "member", "form", "jurisdiction", "capabilities"]

    def validate_capabilities(self, value: dict[str, str]) -> dict[str, str]:
        """Bound what a stranger may leave here: a few plainly named entries."""
        if len(value) > MAX_CAPABILITIES or not all(_PLAIN.fullmatch(name) for name in value):
            raise serializers.ValidationError(
                f"At most {MAX_CAPABILITIES} entries with names such as 'gpu_model'."
            )
        return value


class NodeSelfSerializer(serializers.ModelSerializer[Node]):
    """A node as the coordinator knows it."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Node
        fields = ["did", "slug", "name", "member", "form", "state", "jurisdiction"]
        read_only_fields = fields


class WaitingJobSerializer(serializers.ModelSerializer[Job]):
    """A job that may be claimed."""

    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Job
        fields = ["id", "kind", "state", "attempt"]
        read_only_fields = fields


class WaitingJobsSerializer(S[Any]):
    """The jobs that wait for the calling node."""

    jobs = WaitingJobSerializer(many=True)


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


class JobStateSerializer(serializers.ModelSerializer[Job]):
    """Where a job stands after a request."""

    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Job
        fields = ["id", "state", "attempt", "reason_code"]
        read_only_fields = fields


class ReadingSerializer(S[Any]):
    """One reading: loss in nats per token."""

    step = serializers.IntegerField(min_value=0, max_value=MAX_STEP)
    loss = serializers.FloatField()
    tokens_per_second = serializers.FloatField(default=0.0)

    def to_internal_value(self, data: Any) -> Reading:
        """Return the reading as services take it."""
        return Reading(**super().to_internal_value(data))


class HeartbeatSerializer(S[Any]):
    """A sign of life."""

    attempt = serializers.IntegerField(min_value=1)
    phase = serializers.CharField(max_length=40, allow_blank=True, default="")
    step = serializers.IntegerField(min_value=0, max_value=MAX_STEP, default=0)
    steps = serializers.IntegerField(min_value=0, max_value=MAX_STEP, default=0)
    metrics = ReadingSerializer(many=True, default=list)
    log = serializers.ListField(
        child=serializers.CharField(max_length=MAX_LINE, allow_blank=True), default=list, max_length=MAX_LINES
    )


class HeartbeatAnswerSerializer(S[Any]):
    """Whether the worker should stop."""

    cancel = serializers.BooleanField()


class SignedResultSerializer(S[Any]):
    """A signed result of an attempt."""

    attempt = serializers.IntegerField(min_value=1)
    envelope = EnvelopeSerializer()


class ContributionReceiptSerializer(S[Any]):
    """The contribution's digest and state."""

    digest = serializers.CharField()
    state = serializers.CharField()


class EvaluationReceiptSerializer(S[Any]):
    """How many figures were kept."""

    measurements = serializers.IntegerField()


class ReExecutionReceiptSerializer(S[Any]):
    """What was kept of a contribution that was computed again."""

    identical = serializers.BooleanField()
    distance = serializers.FloatField(help_text="Relative Frobenius norm of the difference.")


class FailureSerializer(S[Any]):
    """Why an attempt failed, and whether another one may succeed."""

    attempt = serializers.IntegerField(min_value=1)
    code = serializers.SlugField(max_length=80)
    detail = serializers.CharField(max_length=500, allow_blank=True, default="")
    retry = serializers.BooleanField(default=False)
