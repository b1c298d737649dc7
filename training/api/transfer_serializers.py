from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.serializers import Serializer

MOST_BYTES: Final = 2**53 - 1  # what JSON holds exactly
ATTEMPT: Final = OpenApiParameter("attempt", int, required=True)


class AttemptSerializer(Serializer[Any]):
    """Which attempt speaks."""

    attempt = serializers.IntegerField(min_value=1, max_value=32_767)


class OpeningSerializer(AttemptSerializer):
    """What will be sent: the bytes that the job committed to, in parts of about ``part_bytes``."""

    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    bytes = serializers.IntegerField(min_value=0, max_value=MOST_BYTES)
    part_bytes = serializers.IntegerField(min_value=1, max_value=MOST_BYTES)


class MissingSerializer(Serializer[Any]):
    """Numbers of the parts that have not come; ``addresses`` where they may go straight to the store."""

    part_bytes = serializers.IntegerField(help_text="of each part but the last")
    missing = serializers.ListField(child=serializers.IntegerField())
    addresses = serializers.DictField(child=serializers.CharField(), required=False)
