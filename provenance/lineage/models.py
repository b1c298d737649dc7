from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.actors import PUBLIC
from provenance.states import append_only


class ArtifactKind(models.TextChoices):
    """What an artifact of the lineage is."""

    DATASET_VERSION = "dataset-version", _("dataset version")
    MANIFEST = "manifest", _("job manifest")
    CONTRIBUTION = "contribution", _("contribution")
    CHECKPOINT = "checkpoint", _("checkpoint")
    IMPORTED_MODEL = "imported-model", _("imported model")
    DERIVATIVE = "derivative", _("model made from a base")


class Relation(models.TextChoices):
    """PROV-O relations between a newer artifact (source) and what it came from (target)."""

    USED = "used", _("used")
    DERIVED_FROM = "wasDerivedFrom", _("was derived from")
    INFORMED_BY = "wasInformedBy", _("was informed by")


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    """Reads that know who asks."""

    def visible_to(self, audiences: frozenset[str]) -> "ArtifactQuerySet":
        """Keep the artifacts that a caller with these audiences may discover (INV-6)."""
        return self.filter(audience__in=sorted(audiences))


class Artifact(models.Model):
    """Something with a content address, and what was true of it when it came into the log. Immutable."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=ArtifactKind)
    name = models.CharField(max_length=300)
    snapshot = models.JSONField(default=dict)
    audience = models.CharField(max_length=100, default=PUBLIC, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        triggers = [append_only("artifact_append_only")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Statement(models.Model):
    """A signed in-toto Statement in its DSSE envelope, kept as received. Immutable."""

    digest = models.CharField(max_length=64, unique=True)
    predicate_type = models.CharField(max_length=200)
    key_ids = ArrayField(models.CharField(max_length=300))
    envelope = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [append_only("statement_append_only")]

    def __str__(self) -> str:
        return f"{self.predicate_type} {self.digest[:12]}"


class Edge(models.Model):
    """``source`` came from ``target``, as ``statement`` says under signature (INV-4). Immutable."""

    source = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="edges_out")
    target = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="edges_in")
    relation = models.CharField(max_length=20, choices=Relation)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="edges")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "relation"], name="edge_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="edge_never_to_itself"
            ),
        ]
        triggers = [append_only("edge_append_only")]

    def __str__(self) -> str:
        return f"{self.source} {self.relation} {self.target}"
