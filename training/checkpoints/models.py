import pgtrigger
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import DatasetVersion
from provenance.states import append_only, guard
from training.families.models import ModelFamily


class Bases(models.Manager["Checkpoint"]):
    """What was promoted. Anything else shows itself to its own round or rollback and its reviewers only."""

    def get_queryset(self) -> models.QuerySet["Checkpoint"]:
        """Leave out what was never promoted."""
        return super().get_queryset().filter(standing=Checkpoint.Standing.BASE)


class Checkpoint(models.Model):
    """A shared base: a deterministic function of its recipe (INV-5). Immutable; bases stay addressable.

    A candidate is the same document before anybody decided on it. Where all is accepted it becomes the base,
    under the same digest; else it stays what it is. A replayed one is a step of a rollback: what an earlier
    base would have been without a contribution. Only bases are numbered in the order of their promotion.
    """

    class Standing(models.TextChoices):
        CANDIDATE = "candidate", _("candidate")
        REPLAYED = "replayed", _("replayed")
        BASE = "base", _("base")

    digest = models.CharField(max_length=64, unique=True)
    family = models.ForeignKey(ModelFamily, on_delete=models.PROTECT, related_name="checkpoints")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    number = models.PositiveIntegerField()
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.BASE)
    weights_sha256 = models.CharField(max_length=64)
    weights_bytes = models.PositiveBigIntegerField()
    recipe = models.JSONField()
    server_state_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("of the outer optimizer after this base; none for a plain one")
    )
    weights_dropped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when the bytes of what was not promoted went; its recipe stays")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Bases()
    measured = models.Manager["Checkpoint"]()  # bases, candidates, replays

    class Meta:
        ordering = ["family", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "number"], condition=models.Q(standing="base"), name="base_number_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(standing="base") | models.Q(weights_dropped_at__isnull=True),
                name="bases_keep_their_bytes",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="checkpoint_unchanging", exclude=["standing", "number", "weights_dropped_at"]
            ),
            pgtrigger.Protect(name="checkpoint_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="base_keeps_its_number",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__standing="base", old__number__df=pgtrigger.F("new__number")),
            ),
            guard("checkpoint_stands", {"candidate": ("base",), "replayed": ("base",)}, field="standing"),
        ]

    def __str__(self) -> str:
        words = {"candidate": "candidate for base", "replayed": "replay of base"}
        return f"{self.family.slug} {words.get(self.standing, 'base')} {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/checkpoints/{self.digest}/"

    @property
    def label(self) -> str:
        """What people call it; ``str()`` is written into provenance and stays as it is."""
        words = {"family": self.family.name, "n": self.number}
        if self.standing == self.Standing.CANDIDATE:
            return gettext("%(family)s, candidate for base %(n)s") % words
        if self.standing == self.Standing.REPLAYED:
            return gettext("%(family)s, base %(n)s replayed") % words
        return gettext("%(family)s base %(n)s") % words


class Evaluation(models.Model):
    """Bits per byte of one checkpoint in one language, measured by one node's job on held-out text."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="evaluations")
    job = models.ForeignKey("training.Job", on_delete=models.PROTECT, related_name="evaluations")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=35)
    bits_per_byte = models.FloatField()
    bytes = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["language", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["checkpoint", "job", "version", "language"], name="evaluation_once"
            ),
            models.CheckConstraint(condition=models.Q(bits_per_byte__gte=0), name="bits_per_byte_positive"),
        ]
        triggers = [append_only("evaluation_append_only")]

    def __str__(self) -> str:
        return f"{self.checkpoint} {self.language} {self.bits_per_byte:.3f} bits per byte"


class ProbeKind(models.TextChoices):
    """How much of declared canaries a checkpoint gives away."""

    EXPOSURE = "canary-exposure", _("exposure of canaries, in bits (Carlini et al. 2019)")
    MEMBERSHIP = "membership-auc", _("membership inference on canaries, area under the curve")


class Probe(models.Model):
    """What one node's job found out about the canaries of one dataset version in one checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="probes")
    job = models.ForeignKey("training.Job", on_delete=models.PROTECT, related_name="probes")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ProbeKind)
    value = models.FloatField()
    canaries = models.PositiveIntegerField(help_text=_("how many were declared"))

    class Meta:
        ordering = ["version", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "job", "version", "kind"], name="probe_once")
        ]
        triggers = [append_only("probe_append_only")]

    def __str__(self) -> str:
        return f"{self.checkpoint} {self.kind} {self.value:.3f}"
