"""What the catalog's API answers. Read only; proposals are the way in."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.api.standing import UNTOLD, NoticeSerializer, TombstoneSerializer
from catalog.datasets.models import Dataset, DatasetFile, DatasetVersion
from catalog.design.languages import choose_text
from catalog.interchange.addresses import absolute, dataset_address, file_address, version_address
from catalog.interchange.disclosure import may_read_manifest, readable_record
from catalog.policy import Operation, decide


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """RFC 9457. Programs go by ``code``; ``fields`` tells what was wrong where."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    fields = serializers.DictField(  # type: ignore[assignment]  # the name is the document's
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class DatasetSerializer(serializers.ModelSerializer[Dataset]):
    """An entry in a list; title and summary in the reader's language, or the best there is.

    ``context["standings"]`` are those of ``catalog.lifecycle.standing`` for all the entries shown.
    """

    notice = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    member = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields: tuple[str, ...] = (
            "slug",
            "title",
            "summary",
            "tier",
            "member",
            "languages",
            "licence",
            "themes",
            "artifact_type",
            "modality",
            "bytes",
            "state",
            "notice",
            "created_at",
            "url",
        )
        read_only_fields = fields

    def get_title(self, dataset: Dataset) -> str:
        """One text of several."""
        return choose_text(dataset.titles, get_language() or "en").text

    def get_summary(self, dataset: Dataset) -> str:
        """One text of several."""
        return choose_text(dataset.summary, get_language() or "en").text

    @extend_schema_field(NoticeSerializer(allow_null=True))
    def get_notice(self, dataset: Dataset) -> Any:
        """What readers should know before they start with it; null when there is nothing."""
        standing = self.context["standings"].get((dataset.pk, None))
        return NoticeSerializer(standing).data if standing else None

    def get_url(self, dataset: Dataset) -> str:
        """The entry's page."""
        return dataset_address(dataset)


class FacetValueSerializer(serializers.Serializer[Any]):
    """A value, and how many of the results have it."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class DatasetPageSerializer(serializers.Serializer[Any]):
    """One page of results; ``count`` and ``facets`` are of all of them."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = DatasetSerializer(many=True)
    facets = serializers.DictField(child=FacetValueSerializer(many=True))


class VersionLinkSerializer(serializers.ModelSerializer[DatasetVersion]):
    """A version in the list of an entry's versions; with ``context["tombstone"]`` its identity alone."""

    bytes = serializers.SerializerMethodField()
    records = serializers.SerializerMethodField()
    change_note = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields: tuple[str, ...] = (
            "number",
            "digest",
            "tier",
            "bytes",
            "records",
            "change_note",
            "published_at",
            "url",
        )
        read_only_fields = fields

    def get_bytes(self, version: DatasetVersion) -> int | None:
        """Size of its files."""
        return None if self.context.get("tombstone") else version.bytes

    def get_records(self, version: DatasetVersion) -> int | None:
        """Lines or rows in its files."""
        return None if self.context.get("tombstone") else version.records

    def get_change_note(self, version: DatasetVersion) -> str:
        """What changed since the version before."""
        return "" if self.context.get("tombstone") else version.change_note

    def get_url(self, version: DatasetVersion) -> str:
        """The version in this API."""
        return absolute(f"/api/v1/datasets/{version.dataset.slug}/versions/{version.number}/")


class FileSerializer(serializers.ModelSerializer[DatasetFile]):
    """A line of the manifest; ``download_url`` only where the reader may follow it."""

    download_url = serializers.SerializerMethodField()

    class Meta:
        model = DatasetFile
        fields = ("path", "sha256", "bytes", "records", "language", "media_type", "storage", "download_url")
        read_only_fields = fields

    def get_download_url(self, file: DatasetFile) -> str | None:
        """Where the bytes are."""
        allowed = self.context["may_download"] and file.storage == DatasetFile.Storage.BLOB
        return file_address(self.context["version"], file.path) if allowed else None


class VersionSerializer(VersionLinkSerializer):
    """One version with its record and manifest, both as far as the reader (``context["actor"]``) may see."""

    page = serializers.SerializerMethodField()
    record = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()

    class Meta(VersionLinkSerializer.Meta):
        fields = (*VersionLinkSerializer.Meta.fields, "languages", "page", "record", "files")
        read_only_fields = fields

    def get_page(self, version: DatasetVersion) -> str:
        """The version's page for people."""
        return version_address(version)

    def get_languages(self, version: DatasetVersion) -> list[dict[str, Any]]:
        """Tags with their computed shares."""
        return [] if self.context.get("tombstone") else version.languages

    def get_record(self, version: DatasetVersion) -> dict[str, Any]:
        """The descriptive record (FIELD.md §4)."""
        return readable_record(self.context["actor"], version)

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, version: DatasetVersion) -> Any:
        """The manifest; empty where it is not the reader's to see."""
        actor = self.context["actor"]
        if not may_read_manifest(actor, version):
            return []
        asked = decide(actor=actor, operation=Operation.DOWNLOAD, version_or_facts=version)
        context = {"version": version, "may_download": asked.allowed}
        return FileSerializer(version.files.all(), many=True, context=context).data


class DatasetDetailSerializer(DatasetSerializer):
    """An entry with all versions that the reader may discover (``context["versions"]``), newest first."""

    newest = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()
    tombstone = serializers.SerializerMethodField()

    class Meta(DatasetSerializer.Meta):
        fields = (*DatasetSerializer.Meta.fields, "newest", "versions", "tombstone")
        read_only_fields = fields

    @extend_schema_field(VersionSerializer)
    def get_newest(self, _dataset: Dataset) -> Any:
        """The version that the entry's columns mirror."""
        return VersionSerializer(self.context["versions"][0], context=self.context).data

    @extend_schema_field(VersionLinkSerializer(many=True))
    def get_versions(self, _dataset: Dataset) -> Any:
        """Newest first."""
        return VersionLinkSerializer(self.context["versions"], many=True, context=self.context).data

    @extend_schema_field(TombstoneSerializer(allow_null=True))
    def get_tombstone(self, _dataset: Dataset) -> Any:
        """When and why it was withdrawn, for readers to whom nothing else of it is told; else null."""
        found = self.context["tombstone"]
        return TombstoneSerializer(found).data if found else None

    def to_representation(self, instance: Dataset) -> Any:
        """Leave out of a tombstone what described the data."""
        shown = super().to_representation(instance)
        return {**shown, **UNTOLD} if self.context["tombstone"] else shown
