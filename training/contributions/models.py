from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from provenance.lineage.models import Statement
from provenance.states import append_only, guard
from training.contributions.states import TRANSITIONS, ContributionState
from training.jobs.models import Job


class Contribution(models.Model):
    """A node's weight update in a round: exactly one per job (INV-8), signed by the node."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="contribution")
    digest = models.CharField(max_length=64, unique=True, help_text=_("of the signed statement's payload"))
    weights_sha256 = models.CharField(max_length=64)
    weights_bytes = models.PositiveBigIntegerField()
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=ContributionState, default=ContributionState.RECEIVED)
    summary = models.JSONField(default=dict, help_text=_("what the node reports: tokens, steps, losses"))
    admission = models.JSONField(default=dict, help_text=_("findings and norms; training.admission"))
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["received_at", "id"]
        triggers = [guard("contribution_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"contribution {self.digest[:12]}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/contributions/{self.digest}/"


class DecisionVerdict(models.TextChoices):
    """What a maintainer says of a weight update."""

    ACCEPT = "accept", _("accept")
    REJECT = "reject", _("reject")


class Decision(models.Model):
    """One maintainer's signed word on one contribution, spoken for one member. Append-only (INV-7)."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="decisions")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=DecisionVerdict)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "member"], name="one_decision_per_member")
        ]
        triggers = [append_only("decision_append_only")]

    def __str__(self) -> str:
        return f"{self.maintainer}: {self.verdict}"
