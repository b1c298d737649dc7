from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.datasets.naming import titles_of
from catalog.members.models import Member
from catalog.tiers import RULES, Tier
from provenance.actors import PUBLIC, Actor, member_audience
from provenance.states import append_only

TIER_CHOICES = [(str(tier), str(tier)) for tier in Tier]
STORABLE = [str(tier) for tier, rules in RULES.items() if rules.coordinator_may_store_bytes]
SEALED = [str(Tier.PRIVATE)]


class DatasetQuerySet(models.QuerySet["Dataset"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "DatasetQuerySet":
        """Keep the entries whose existence ``actor`` may know (INV-6): private ones only for their owner."""
        return self.filter(audience__in=sorted(actor.audiences))


class Dataset(models.Model):
    """An entry of the catalog. Its columns mirror the newest version's record, for lists and filters."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    slug = models.SlugField(max_length=120, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="datasets")
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    audience = models.CharField(max_length=100, default=PUBLIC, db_index=True)
    title = models.JSONField()
    summary = models.JSONField()
    artifact_type = models.CharField(max_length=20)
    modality = models.CharField(max_length=12)
    themes = ArrayField(models.CharField(max_length=8))
    languages = ArrayField(models.CharField(max_length=35))
    licence = models.CharField(max_length=300)
    bytes = models.PositiveBigIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=list(Tier)), name="dataset_tier_known"),
            models.CheckConstraint(
                condition=~Q(tier__in=SEALED) | Q(audience__startswith="member:"),
                name="dataset_private_is_hidden",
            ),
            # Private data are described on their owner's node; here stands a commitment and nothing else.
            models.CheckConstraint(
                condition=~Q(tier__in=SEALED)
                | Q(
                    title={},
                    summary={},
                    artifact_type="",
                    modality="",
                    themes=[],
                    languages=[],
                    licence="",
                    bytes=0,
                ),
                name="dataset_private_is_not_described",
            ),
            models.CheckConstraint(
                condition=Q(state="published") | Q(withdrawn_at__isnull=False), name="withdrawal_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the path of the entry's page."""
        return f"/datasets/{self.slug}/"

    @property
    def titles(self) -> dict[str, str]:
        """What readers call it, per language; a sealed entry has no title of its own."""
        return titles_of(self.title, slug=self.slug)

    @property
    def newest(self) -> "DatasetVersion":
        """The newest version; there is always one."""
        return self.versions.latest("number")


def audience_of(tier: str, member_slug: str) -> str:
    """Return who may discover an entry of this tier: everybody, or for private ones only its member."""
    return member_audience(member_slug) if tier in SEALED else PUBLIC


class DatasetVersionQuerySet(models.QuerySet["DatasetVersion"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "DatasetVersionQuerySet":
        """Keep the versions whose existence ``actor`` may know.

        Both must be discoverable: the entry as it stands now and the version as it was published, so that an
        entry which became open does not reveal its private past.
        """
        own = Q(dataset__member__slug__in=sorted(actor.members))
        return self.filter(Q(dataset__audience__in=sorted(actor.audiences)), ~Q(tier__in=SEALED) | own)


class DatasetVersion(models.Model):
    """One immutable state of an entry: its record and its list of files, under one content address."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    record = models.JSONField()
    languages = models.JSONField(help_text=_("list of {tag, share}; the share is computed by bytes"))
    bytes = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField()
    change_note = models.CharField(max_length=500, blank=True)
    accepted_for = models.CharField(
        max_length=12,
        blank=True,
        help_text=_("metadata, evaluation or training; private ones: nobody judged"),
    )
    published_at = models.DateTimeField(default=timezone.now)

    objects = DatasetVersionQuerySet.as_manager()

    class Meta:
        ordering = ["dataset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(tier__in=list(Tier)), name="version_tier_known"),
            models.CheckConstraint(
                condition=~Q(tier__in=SEALED)
                | Q(languages=[], bytes=0, records=0, change_note="", accepted_for=""),
                name="version_private_is_not_described",
            ),
            models.CheckConstraint(
                condition=Q(tier__in=SEALED) | Q(accepted_for__in=("metadata", "evaluation", "training")),
                name="version_accepted_for_something",
            ),
            # The other end of the composite foreign keys that tie files and job inputs to the tier.
            models.UniqueConstraint(fields=["id", "tier"], name="version_id_tier"),
        ]
        # Which versions were made of an entry: asked when that entry is withdrawn.
        indexes = [GinIndex(OpClass("record__sources", "jsonb_path_ops"), name="versions_by_source")]
        triggers = [append_only("version_append_only")]

    def __str__(self) -> str:
        return f"{self.dataset} v{self.number}"

    def get_absolute_url(self) -> str:
        """Return the path of the version's page."""
        return f"/datasets/{self.dataset.slug}/versions/{self.number}/"

    @property
    def titles(self) -> dict[str, str]:
        """What it was called when it was published, per language."""
        return titles_of(self.record.get("title", {}), slug=self.dataset.slug)


class DatasetFile(models.Model):
    """A file of a version: bytes in the blob store, or a pointer to where they stay. Private ones: none."""

    class Storage(models.TextChoices):
        BLOB = "blob", _("stored here")
        POINTER = "pointer", _("stays on the member's node")

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="files")
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    storage = models.CharField(max_length=12, choices=Storage)
    path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, help_text=_("of the bytes"))
    bytes = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField(default=0)
    language = models.CharField(max_length=35, blank=True)
    media_type = models.CharField(max_length=100, default="text/plain")

    class Meta:
        ordering = ["version", "path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="file_path_once"),
            models.CheckConstraint(
                condition=~Q(storage="blob") | Q(tier__in=STORABLE),
                name="inv_1_no_bytes_of_local_or_private",
            ),
            models.CheckConstraint(condition=~Q(tier__in=SEALED), name="private_files_are_not_here"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256_form"),
        ]
        # The same bytes in other entries, and the versions that wait for an inspection.
        indexes = [models.Index(fields=["sha256"], name="files_by_content")]
        triggers = [append_only("file_append_only")]

    def __str__(self) -> str:
        return self.path

    def as_manifest(self) -> dict[str, Any]:
        """Return the file as the version's digest covers it."""
        return {
            "path": self.path,
            "sha256": self.sha256,
            "bytes": self.bytes,
            "records": self.records,
            "language": self.language,
            "mediaType": self.media_type,
            "storage": self.storage,
        }
