from django.db import models
from django.db.models import Q
from django.utils import timezone

from catalog.datasets.models import STORABLE, TIER_CHOICES, DatasetVersion
from catalog.inspection.states import TRANSITIONS, InspectionState
from provenance.states import append_only, guard


class Inspection(models.Model):
    """What one version of the inspector found in one blob, or why it could not look (DM:6).

    Keyed by content: a file that two drafts hold is looked at once. ``bytes_done`` of ``bytes_total`` is the
    progress. ``facts`` is a ``catalog.facts.FileFacts`` as JSON, without any row of the data.
    """

    sha256 = models.CharField(max_length=64)
    inspector = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    media_type = models.CharField(max_length=100, blank=True)
    languages = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=InspectionState, default=InspectionState.QUEUED)
    bytes_total = models.PositiveBigIntegerField()
    bytes_done = models.PositiveBigIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(null=True, blank=True)
    reason_code = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sha256", "inspector"], name="inspected_once")]
        triggers = [guard("inspection_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class EntryFacts(models.Model):
    """The computed facts of a whole version; of local-only data as their node signed them. Append-only.

    ``facts`` is a ``catalog.facts.EntryFacts`` as JSON. ``statement`` is the digest of the node's signed
    attestation, empty where the coordinator computed it from bytes that it holds.
    """

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="entry_facts")
    inspector = models.CharField(max_length=40)
    facts = models.JSONField()
    attested_by = models.CharField(max_length=200, blank=True)
    statement = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "inspector"], name="facts_once_per_inspector"),
            models.CheckConstraint(
                condition=Q(attested_by="", statement="") | (~Q(attested_by="") & ~Q(statement="")),
                name="an_attestation_has_a_signer",
            ),
        ]
        triggers = [append_only("entry_facts_append_only")]

    def __str__(self) -> str:
        return f"{self.version}: facts"


class SketchBand(models.Model):
    """One band of a version's MinHash sketch: versions that share a band are candidates for overlap.

    Only of data that the coordinator may hold: a sketch tells whether a known text is in the data.
    """

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="bands")
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    band = models.PositiveSmallIntegerField()
    value = models.BigIntegerField()

    class Meta:
        ordering = ["version", "band"]
        indexes = [models.Index(fields=["band", "value"], name="sketch_band_value")]
        constraints = [
            models.UniqueConstraint(fields=["version", "band"], name="band_once"),
            models.CheckConstraint(condition=Q(tier__in=STORABLE), name="inv_1_no_sketch_of_local_data"),
        ]

    def __str__(self) -> str:
        return f"{self.version} band {self.band}"


class Overlap(models.Model):
    """How alike two versions of different entries are: Jaccard similarity of their records, 0 to 1."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="overlaps")
    other = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    inspector = models.CharField(max_length=40)
    similarity = models.FloatField()
    same_files = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-similarity"]
        constraints = [
            models.UniqueConstraint(fields=["version", "other", "inspector"], name="overlap_once"),
            models.CheckConstraint(
                condition=Q(similarity__gte=0) & Q(similarity__lte=1), name="similarity_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} ~ {self.other}"

    @property
    def percent(self) -> int:
        """The similarity in whole percent."""
        return round(self.similarity * 100)


class Preview(models.Model):
    """The first rows of one file of an open version, shortened: of no other tier (CHECK and foreign key)."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="previews")
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    path = models.CharField(max_length=500)
    columns = models.JSONField(default=list)
    rows = models.JSONField()

    class Meta:
        ordering = ["version", "path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="preview_once"),
            models.CheckConstraint(condition=Q(tier="open"), name="only_open_data_is_previewed"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.path}"
