from typing import Any

from rest_framework import serializers

from training.api.transfer_serializers import MOST_BYTES
from training.retention.models import Recall


class RecallSerializer(serializers.ModelSerializer[Recall]):
    """An update whose bytes a replay needs: its digest, and the bytes' sha256 and size."""

    contribution = serializers.CharField(source="contribution.digest", read_only=True)
    sha256 = serializers.CharField(source="contribution.weights_sha256", read_only=True)
    bytes = serializers.IntegerField(source="contribution.weights_bytes", read_only=True)

    class Meta:
        model = Recall
        fields = ["contribution", "sha256", "bytes"]


class RecallsSerializer(serializers.Serializer[Any]):
    """What the calling node is asked for."""

    recalls = RecallSerializer(many=True)


class ReturnSerializer(serializers.Serializer[Any]):
    """What will be sent back, in parts of about ``part_bytes``."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    bytes = serializers.IntegerField(min_value=0, max_value=MOST_BYTES)
    part_bytes = serializers.IntegerField(min_value=1, max_value=MOST_BYTES)


class UpdateGoneSerializer(serializers.Serializer[Any]):
    """Why the node has the bytes no more."""

    code = serializers.SlugField(max_length=80)
