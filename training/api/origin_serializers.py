"""What a base was made of, as whoever computes it again needs it; the bytes have addresses of their own."""

import base64
import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.datasets.models import DatasetVersion
from provenance.blobs import get_store
from training.api.serializers import EnvelopeSerializer
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.merge import checkpoint_document


class MergedContributionSerializer(serializers.ModelSerializer[Contribution]):
    """One update that is in a base, with its node's signed word, whose digest is the contribution's."""

    node = serializers.CharField(source="job.node.slug", read_only=True)
    codec = serializers.CharField(read_only=True)
    kept = serializers.SerializerMethodField(help_text="Whether the bytes are still here.")
    statement = serializers.SerializerMethodField(
        help_text="Null where it names a dataset version that the caller may not discover."
    )

    class Meta:
        model = Contribution
        fields = ["digest", "node", "codec", "weights_sha256", "weights_bytes", "kept", "statement"]
        read_only_fields = fields

    def get_kept(self, contribution: Contribution) -> bool:
        """Tell whether the member's wish for retention has left the bytes here."""
        return contribution.bytes_dropped_at is None

    @extend_schema_field(EnvelopeSerializer(allow_null=True))
    def get_statement(self, contribution: Contribution) -> Any:
        """Return the envelope whole or not at all: without its inputs it would not be what was signed."""
        envelope = contribution.statement.envelope
        used = set(json.loads(base64.b64decode(envelope["payload"]))["predicate"]["inputs"])
        visible = DatasetVersion.objects.visible_to(self.context["actor"]).filter(digest__in=used)
        return envelope if visible.count() == len(used) else None


class OriginSerializer(serializers.ModelSerializer[Checkpoint]):
    """The document that a base's digest is the digest of, and everything that its recipe names."""

    family = serializers.CharField(source="family.slug", read_only=True)
    standing = serializers.CharField(read_only=True, help_text="base; else a step of a rollback")
    document = serializers.SerializerMethodField()
    server_state_bytes = serializers.SerializerMethodField(
        help_text="Null where there is none, or its bytes are not kept."
    )
    contributions = serializers.SerializerMethodField()

    class Meta:
        model = Checkpoint
        fields = [
            *("digest", "family", "number", "standing", "document"),
            *("weights_bytes", "server_state_bytes", "contributions"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_document(self, checkpoint: Checkpoint) -> dict[str, Any]:
        """Return recipe, hash of the weights, and hash of the server's state where there is one."""
        return checkpoint_document(
            checkpoint.recipe, checkpoint.weights_sha256, checkpoint.server_state_sha256
        )

    def get_server_state_bytes(self, checkpoint: Checkpoint) -> int | None:
        """Return the size of the state's file."""
        sha256 = checkpoint.server_state_sha256
        return get_store().size(sha256) if sha256 and checkpoint.weights_dropped_at is None else None

    @extend_schema_field(MergedContributionSerializer(many=True))
    def get_contributions(self, checkpoint: Checkpoint) -> Any:
        """List the updates by digest, the order in which they are merged."""
        found = Contribution.objects.filter(digest__in=checkpoint.recipe["contributions"]).order_by("digest")
        found = found.select_related("statement", "job__node")
        return MergedContributionSerializer(found, many=True, context=self.context).data
