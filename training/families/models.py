import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.members.models import User
from provenance.lineage.models import Statement
from provenance.states import append_only


class ModelSeries(models.Model):
    """Families of several sizes that share one tokenizer, so that a large one can teach a small one."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    tokenizer = models.CharField(max_length=80)
    tokenizer_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = _("model series")
        triggers = [append_only("series_append_only")]

    def __str__(self) -> str:
        return self.name


class ModelFamily(models.Model):
    """Models of one architecture and one tokenizer, whose bases follow one another round by round.

    ``head`` is the base that the next round starts from: the one promoted last, or the one that a rollback
    went back to. It is None only while the family is being founded.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    architecture = models.JSONField(help_text=_("closed list of Llama settings; training.merge.initial"))
    tokenizer = models.CharField(max_length=80, default="bytes")
    seed = models.PositiveBigIntegerField(help_text=_("of the initial weights"))
    tokenizer_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("of its tokenizer.json; none for bytes")
    )
    tokenizer_bytes = models.PositiveBigIntegerField(default=0)
    imported = models.ForeignKey(
        "training.ImportedModel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="families",
        help_text=_("what its base 0 came from; nothing where that was computed from the seed"),
    )
    series = models.ForeignKey(
        ModelSeries, null=True, blank=True, on_delete=models.PROTECT, related_name="families"
    )
    head = models.ForeignKey(
        "training.Checkpoint",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("the base that the next round starts from"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = _("model families")
        triggers = [
            pgtrigger.ReadOnly(name="family_unchanging", exclude=["head", "series"]),
            pgtrigger.Protect(name="family_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name


class ImportedModel(models.Model):
    """A model that was made elsewhere, as a start for a family: what it is, and where it is from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True, help_text=_("of the document that describes it"))
    name = models.CharField(max_length=200, unique=True)
    source = models.CharField(max_length=500, help_text=_("repository on a hub, or the name of a folder"))
    revision = models.CharField(max_length=64, blank=True, help_text=_("commit, where there is one"))
    licence = models.CharField(max_length=200, help_text=_("SPDX expression"))
    architecture = models.JSONField()
    tokenizer_sha256 = models.CharField(max_length=64, blank=True)
    tokenizer_bytes = models.PositiveBigIntegerField(default=0)
    weights_sha256 = models.CharField(max_length=64)
    weights_bytes = models.PositiveBigIntegerField()
    document = models.JSONField(help_text=_("files with their hashes, licence, revision, architecture"))
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-imported_at"]
        triggers = [append_only("imported_model_append_only")]

    def __str__(self) -> str:
        return self.name


class Scorecard(models.Model):
    """How several candidates for a family's start did against criteria that were declared before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    criteria = models.JSONField(help_text=_("name, weight, what is measured and on which data"))
    results = models.JSONField(help_text=_("per model and criterion: the figure and the points for it"))
    candidates = models.ManyToManyField(ImportedModel, related_name="scorecards")
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]
        triggers = [append_only("scorecard_append_only")]

    def __str__(self) -> str:
        return self.title
