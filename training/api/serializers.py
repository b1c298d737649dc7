"""What nodes send and what they get back. Shapes only: rules live in the services."""

import re
from typing import Any, Final

from rest_framework import serializers

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


class CapabilitiesField(serializers.DictField):
    """What a machine says of itself, bounded: a stranger may leave a few plainly named entries here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=200), **options)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Return the entries."""
        if isinstance(data, dict) and not (
            len(data) <= MAX_CAPABILITIES and all(_PLAIN.fullmatch(str(name)) for name in data)
        ):
            raise serializers.ValidationError(
                f"At most {MAX_CAPABILITIES} entries with names such as 'gpu_model'."
            )
        return dict(super().to_internal_value(data))


class DescribeSerializer(S[Any]):
    """What a node's machine has now."""

    capabilities = CapabilitiesField()


class RotationSerializer(S[Any]):
    """The statement by which the key in force names the next one; both signed it."""

    envelope = EnvelopeSerializer()


class EnrolSerializer(serializers.ModelSerializer[Node]):
    """A node's wish to take part."""

    did = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=80)
    member = serializers.SlugField(max_length=80)
    jurisdiction = serializers.RegexField(r"^[A-Z]{2}$", help_text="ISO 3166-1 alpha-2")
    capabilities = CapabilitiesField(default=dict)

    class Meta:
        model = Node
        fields = ["did", "slug", "name", "member", "form", "jurisdiction", "capabilities"]


class NodeSelfSerializer(serializers.ModelSerializer[Node]):
    """A node as the coordinator knows it."""

    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    state = serializers.CharField(read_only=True, help_text=STATES)

    class Meta:
        model = Node
        fields = ["did", "slug", "name", "member", "form", "state", "jurisdiction", "capabilities"]
        read_only_fields = fields


class SignedResultSerializer(S[Any]):
    """A signed result of an attempt."""

    attempt = serializers.IntegerField(min_value=1, max_value=32_767)
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


class BuildSerializer(S[Any]):
    """What a member chooses to say of a sovereign build; `training.nodes.builds` knows what may be said."""

    key = serializers.UUIDField(help_text="the node's own number of the build")
    kind = serializers.CharField(max_length=20, allow_blank=True, default="")
    base = serializers.RegexField(
        r"^([0-9a-f]{64})?\Z", allow_blank=True, default="", help_text="digest of the base it started from"
    )
    said = serializers.DictField(default=dict)


class BuildReceiptSerializer(S[Any]):
    """The build that is kept."""

    key = serializers.UUIDField()
