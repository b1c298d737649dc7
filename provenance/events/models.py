import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.actors import PUBLIC
from provenance.states import append_only


class Outcome(models.TextChoices):
    """How a request or step ended."""

    DONE = "done", _("done")
    ALLOWED = "allowed", _("allowed")
    DENIED = "denied", _("denied")
    FAILED = "failed", _("failed")


class EventQuerySet(models.QuerySet["Event"]):
    """Reads that know who asks."""

    def visible_to(self, audiences: frozenset[str]) -> "EventQuerySet":
        """Keep the events that a caller with these audiences may discover (DM:18, INV-6)."""
        return self.filter(audience__in=sorted(audiences))


class Event(models.Model):
    """One line of the audit trail: FIELD.md §3, "Event contract". Append-only; a correction supersedes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    time = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    actor_label = models.CharField(max_length=200)
    service = models.CharField(max_length=40, default="coordinator")
    member = models.SlugField(max_length=80, blank=True)
    action = models.CharField(max_length=80, db_index=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.DONE)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    subject = models.CharField(max_length=200, blank=True, db_index=True)
    artifact = models.CharField(max_length=64, blank=True, db_index=True)
    purpose = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=80, blank=True)
    policy_version = models.CharField(max_length=40, blank=True)
    approval = models.CharField(max_length=200, blank=True)
    job = models.UUIDField(null=True, blank=True, db_index=True)
    parents = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    outputs = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    details = models.JSONField(default=dict, blank=True)
    audience = models.CharField(max_length=100, default=PUBLIC, db_index=True)
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["audience", "-id"], name="event_audience_newest")]
        triggers = [append_only("event_append_only")]

    def __str__(self) -> str:
        return f"{self.time:%Y-%m-%d %H:%M:%SZ} {self.actor_label} {self.action}"
