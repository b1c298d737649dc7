"""How an entry stands with its steward, as the API tells it."""

from typing import Any, Final

from rest_framework import serializers

from catalog.interchange.addresses import dataset_address
from catalog.lifecycle.standing import Standing
from catalog.lifecycle.tombstones import Tombstone

# Columns of an entry that a tombstone does not tell.
UNTOLD: Final[dict[str, Any]] = {
    **dict.fromkeys(("summary", "licence", "artifact_type", "modality"), ""),
    "languages": [],
    "themes": [],
    "bytes": 0,
}


class NoticeSerializer(serializers.Serializer[Standing]):
    """What its steward tells readers: ``deprecated``, or ``superseded`` by the entry at ``successor``."""

    kind = serializers.CharField(help_text="`deprecated` or `superseded`")
    reason = serializers.CharField()
    since = serializers.DateTimeField()
    successor = serializers.SerializerMethodField()

    def get_successor(self, standing: Standing) -> str | None:
        """The page of the entry that stands in its place."""
        return dataset_address(standing.successor) if standing.successor else None


class TombstoneSerializer(serializers.Serializer[Tombstone]):
    """What stays of a withdrawn entry beside title, member, tier and the digests of its versions (DM:17)."""

    withdrawn_at = serializers.DateTimeField()
    reason = serializers.CharField()
