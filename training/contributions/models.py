from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from provenance.lineage.models import Statement
from provenance.states import append_only, guard
from training.contributions.reason_codes import WORDS_OF_REASON
from training.contributions.states import TRANSITIONS, ContributionState
from training.jobs.models import Job
from training.rounds.models import Round


class Contribution(models.Model):
    """A node's weight update in a round: exactly one per job (INV-8), signed by the node.

    The signed statement comes first and binds its sender; the bytes follow. ``round`` is the one in which it
    counts: the job's own, or in asynchronous work a later one, ``staleness`` bases after.
    """

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="contribution")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="contributions")
    staleness = models.PositiveSmallIntegerField(
        default=0, help_text=_("bases between the one it was trained from and the one it is merged into")
    )
    digest = models.CharField(max_length=64, unique=True, help_text=_("of the signed statement's payload"))
    weights_sha256 = models.CharField(max_length=64)
    weights_bytes = models.PositiveBigIntegerField()
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    codec = models.CharField(max_length=12, default="fp32", help_text=_("how the weights are written"))
    state = models.CharField(max_length=14, choices=ContributionState, default=ContributionState.COMMITTED)
    summary = models.JSONField(default=dict, help_text=_("what the node reports: tokens, steps, losses"))
    admission = models.JSONField(default=dict, help_text=_("findings and norms; training.admission"))
    committed_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(null=True, blank=True)
    turn = models.PositiveSmallIntegerField(
        default=0, help_text=_("how often an appeal brought it back to the members")
    )
    bytes_dropped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("when its member's wish left only the hash here")
    )

    class Meta:
        ordering = ["committed_at", "id"]
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
    QUARANTINE = "quarantine", _("quarantine")


class Decision(models.Model):
    """One maintainer's signed word on one contribution, spoken for one member. Append-only (INV-7).

    ``turn`` is the contribution's when it was spoken: after an appeal that was upheld all speak anew.
    """

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="decisions")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "turn", "member"], name="one_decision_per_member")
        ]
        triggers = [append_only("decision_append_only")]

    def __str__(self) -> str:
        return f"{self.maintainer}: {self.verdict}"

    @property
    def reasons(self) -> list[tuple[str, str | Promise]]:
        """The codes with their words."""
        return [(code, WORDS_OF_REASON.get(code, "")) for code in self.reason_codes]


class WeightsUpload(models.Model):
    """An update on its way in, in parts that may come in any order and over several connections.

    The parts lie in the store's staging under ``handle`` and become the blob in one step; until then nobody
    can read them.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    part_bytes = models.PositiveIntegerField()
    handle = models.TextField(help_text=_("what the store calls it"))
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["job", "sha256"], name="upload_of_weights_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} for {self.job}"


class WeightsPart(models.Model):
    """One part that has arrived whole."""

    upload = models.ForeignKey(WeightsUpload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(help_text=_("from 0"))
    receipt = models.CharField(max_length=200, blank=True, help_text=_("what the store answered"))

    class Meta:
        ordering = ["upload", "number"]
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="part_of_weights_once")]

    def __str__(self) -> str:
        return f"part {self.number}"


class ReExecution(models.Model):
    """What came out when a contribution's job was run again, on the word of the node that did."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="re_execution")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="re_executions")
    identical = models.BooleanField(help_text=_("the same bytes"))
    distance = models.FloatField(
        help_text=_("Frobenius norm of the difference, over that of the contribution")
    )
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        triggers = [append_only("re_execution_append_only")]

    def __str__(self) -> str:
        return f"{self.contribution} again: {'the same' if self.identical else f'{self.distance:.3g} away'}"
