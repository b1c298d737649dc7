"""Registered models as each reader may know them (INV-6), and what registers one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.interchange.addresses import absolute
from catalog.tiers import Tier
from training.api.public_serializers import UsedVersionSerializer
from training.derivatives.card import LONGEST
from training.derivatives.models import Derivative
from training.derivatives.readme import discoverable_versions
from training.derivatives.visibility import may_read_details, may_read_manifest
from training.derivatives.wording import MOST, STAGES

Slug = serializers.SlugRelatedField[Any]
HASHES = ("digest", "commitments", "weights_sha256")
DETAILS = ("card", "address")


class DerivativeSerializer(serializers.ModelSerializer[Derivative]):
    """A model that a member made from a base; what the reader may not know is null."""

    member = Slug(slug_field="slug", read_only=True)
    base = Slug(slug_field="digest", read_only=True)
    tier = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True, help_text="registered or retired")
    card = serializers.DictField(child=serializers.CharField(), read_only=True, allow_null=True)
    commitments = serializers.ListField(child=serializers.CharField(), read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Derivative
        fields = [
            *("slug", "name", "member", "base", "tier", "state", "stages", "languages", "licence"),
            *(*DETAILS, *HASHES),
            *("versions", "registered_at", "retired_at", "url"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: Derivative) -> dict[str, Any]:
        """Leave out what the reader may not know."""
        told = super().to_representation(instance)
        actor = self.context["actor"]
        hidden: list[str] = []
        if not may_read_details(actor, instance):
            hidden += DETAILS
        if not may_read_manifest(actor, instance):
            hidden += HASHES
        return told | dict.fromkeys(hidden)

    def get_url(self, derivative: Derivative) -> str:
        """Return the address of its page."""
        return absolute(derivative.get_absolute_url())

    @extend_schema_field(UsedVersionSerializer(many=True))
    def get_versions(self, derivative: Derivative) -> Any:
        """List the named dataset versions that the caller may discover."""
        versions = discoverable_versions(derivative, self.context["actor"])
        return UsedVersionSerializer(versions, many=True).data


class PinSerializer(serializers.Serializer[Any]):
    """A dataset version by its entry and number."""

    dataset = serializers.SlugField(max_length=120)
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class RegisterSerializer(serializers.Serializer[Any]):
    """A model in its member's words. Of a private one, only hashes."""

    member = serializers.SlugField(max_length=80)
    base = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="digest of the base")
    tier = serializers.ChoiceField([str(tier) for tier in Tier])
    stages = serializers.ListField(child=serializers.ChoiceField(STAGES), max_length=len(STAGES))
    name = serializers.CharField(max_length=200, default="", allow_blank=True)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), default=list, max_length=MOST
    )
    licence = serializers.CharField(max_length=200, default="", allow_blank=True)
    card = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST, allow_blank=True), default=dict
    )
    commitments = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-f]{64}$"), default=list, max_length=MOST
    )
    weights_sha256 = serializers.CharField(max_length=64, default="", allow_blank=True)
    address = serializers.CharField(max_length=500, default="", allow_blank=True)
    versions = PinSerializer(many=True, default=list)
