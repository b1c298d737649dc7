import uuid
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import SEALED, DatasetVersion
from catalog.members.models import Member, User
from catalog.tiers import Tier
from provenance.actors import Actor
from provenance.lineage.models import Statement
from provenance.states import guard
from training.checkpoints.models import Checkpoint


class DerivativeState(models.TextChoices):
    """Where a registered model stands."""

    REGISTERED = "registered", _("registered")
    RETIRED = "retired", _("retired")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {"registered": ("retired",)}


class DerivativeQuerySet(models.QuerySet["Derivative"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "DerivativeQuerySet":
        """Keep those whose existence ``actor`` may know (INV-6): private ones are their member's alone."""
        return self.filter(~Q(tier__in=SEALED) | Q(member__slug__in=sorted(actor.members)))


class Derivative(models.Model):
    """A sovereign model that a member made from a shared base and registered, as far as it wants to tell.

    Its tier is at least as strict as the strictest of what it names (INV-2). What is private stands there as
    commitments alone: hashes that the member can open to whom it chooses. The bytes stay with the member.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="derivatives")
    base = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="derivatives")
    state = models.CharField(max_length=12, choices=DerivativeState, default=DerivativeState.REGISTERED)
    tier = models.CharField(max_length=12, choices=[(tier.value, tier.value) for tier in Tier])
    stages = ArrayField(models.CharField(max_length=12), help_text=_("cpt, sft, preference: in their order"))
    languages = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    licence = models.CharField(max_length=200, blank=True, help_text=_("SPDX expression; none where closed"))
    card = models.JSONField(help_text=_("sections of the model card, by name, as plain text"))
    versions = models.ManyToManyField(DatasetVersion, blank=True, related_name="derivatives")
    commitments = ArrayField(
        models.CharField(max_length=64), default=list, blank=True, help_text=_("sha256 of private parts")
    )
    weights_sha256 = models.CharField(max_length=64, blank=True)
    address = models.URLField(max_length=500, blank=True, help_text=_("where the member offers it"))
    digest = models.CharField(max_length=64, unique=True, help_text=_("of the document that describes it"))
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = DerivativeQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at"]
        triggers = [guard("derivative_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/derivatives/{self.slug}/"
