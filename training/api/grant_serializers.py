"""What nodes send and get back at the data-access API. The rules live in training.grants."""

from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.datasets.models import DatasetFile
from catalog.tiers import Purpose, Tier
from training.grants.models import DataGrant
from training.grants.requests import MANIFEST_VERSION

S = serializers.Serializer


class OutputWishSerializer(S[Any]):
    """What the node will make of the data, and how strictly it promises to keep that."""

    tier = serializers.ChoiceField(choices=[str(tier) for tier in Tier])
    licence = serializers.CharField(help_text="SPDX expression that holds the data's own licence")


class GrantRequestSerializer(S[Any]):
    """A request, for the API's description; `training.grants.requests` reads it."""

    version = serializers.ChoiceField(choices=[MANIFEST_VERSION], help_text="of the manifest")
    dataset = serializers.CharField()
    number = serializers.IntegerField(required=False, help_text="of the version; or give its digest")
    digest = serializers.CharField(required=False, help_text="sha256 of the version, hex")
    purpose = serializers.ChoiceField(choices=[str(purpose) for purpose in Purpose])
    place = serializers.CharField(help_text="ISO 3166-1 alpha-2")
    paths = serializers.ListField(child=serializers.CharField(), required=False)
    output = OutputWishSerializer()
    approval = serializers.CharField(required=False, help_text="job:<id> or access:<id>")


class GrantedFileSerializer(S[Any]):
    """A file that may be read; ``url`` is relative to the coordinator's address."""

    path = serializers.CharField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    url = serializers.CharField()


class GrantSerializer(serializers.ModelSerializer[DataGrant]):
    """A grant as its node sees it."""

    dataset = serializers.SlugField(source="version.dataset.slug", read_only=True)
    number = serializers.IntegerField(source="version.number", read_only=True)
    digest = serializers.CharField(source="version.digest", read_only=True)
    purpose = serializers.CharField(read_only=True)
    output_tier = serializers.CharField(read_only=True)
    live = serializers.SerializerMethodField()

    class Meta:
        model = DataGrant
        fields: tuple[str, ...] = (
            *("id", "dataset", "number", "digest", "purpose", "place", "output_tier", "paths"),
            *("policy_version", "decision", "issued_at", "expires_at", "revoked_at", "revoked_because"),
            "live",
        )
        read_only_fields = fields

    def get_live(self, grant: DataGrant) -> bool:
        """Whether nobody revoked it and its time is not over."""
        return grant.revoked_at is None and grant.expires_at > timezone.now()


class IssuedGrantSerializer(GrantSerializer):
    """A new grant, with the files that it names."""

    files = serializers.SerializerMethodField()

    class Meta(GrantSerializer.Meta):
        fields = (*(name for name in GrantSerializer.Meta.fields if name != "paths"), "files")
        read_only_fields = fields

    @extend_schema_field(GrantedFileSerializer(many=True))
    def get_files(self, grant: DataGrant) -> Any:
        """Where each file is read."""
        files = grant.version.files.filter(path__in=grant.paths)
        return [_granted(grant, file) for file in files]


def _granted(grant: DataGrant, file: DatasetFile) -> dict[str, Any]:
    url = f"{reverse('api-grant', kwargs={'key': grant.pk})}files/{quote(file.path)}"
    return {"path": file.path, "sha256": file.sha256, "bytes": file.bytes, "url": url}
