import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from provenance.states import append_only, guard
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.families.models import ModelFamily
from training.rollbacks.states import ENDED, TRANSITIONS, RollbackState


class Level(models.IntegerChoices):
    """How far a removal goes. What lies beyond both is training again, which no replay replaces."""

    REPLAY = 1, _("replay without it")
    DESCENDANTS = 2, _("also without what was trained from a base that held it")


class Rollback(models.Model):
    """Taking contributions out of a family's bases by replay (INV-5): proposed, voted on, computed.

    ``head`` is the newest base when it was proposed, ``result`` the one that the family has after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(ModelFamily, on_delete=models.PROTECT, related_name="rollbacks")
    contributions = models.ManyToManyField(Contribution, related_name="rollbacks")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.REPLAY)
    state = models.CharField(max_length=12, choices=RollbackState, default=RollbackState.PROPOSED)
    grounds = models.TextField(max_length=4000)
    reason_code = models.CharField(max_length=80, help_text=_("consent-withdrawn, harmful, erroneous, other"))
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    quorum = models.PositiveSmallIntegerField()
    head = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(
        Checkpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="result_of_rollbacks"
    )
    cause = models.CharField(max_length=500, blank=True, help_text=_("why it failed or ended"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=~Q(state__in=list(ENDED)), name="one_rollback_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False), name="done_rollback_has_a_result"
            ),
        ]
        triggers = [guard("rollback_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"rollback {str(self.pk)[:8]} of {self.family.slug}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/rollbacks/{self.pk}/"

    @property
    def label(self) -> str:
        """What people call it; ``str()`` is written into provenance and stays as it is."""
        words = {"family": self.family.name, "n": self.head.number}
        return gettext("%(family)s, rollback from base %(n)s") % words


class RollbackVoice(models.Model):
    """One member's word on a rollback. Append-only (INV-7)."""

    rollback = models.ForeignKey(Rollback, on_delete=models.PROTECT, related_name="voices")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    note = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["rollback", "member"], name="rollback_voice_once")]
        triggers = [append_only("rollback_voice_append_only")]

    def __str__(self) -> str:
        return f"{self.member}: {'for' if self.agrees else 'against'}"


class RollbackStep(models.Model):
    """One base computed again: ``replaces`` without the contributions, from the step before."""

    rollback = models.ForeignKey(Rollback, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    replaces = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="replaced_in")
    made = models.ForeignKey(
        Checkpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="made_in_rollbacks"
    )
    seconds = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["rollback", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rollback", "number"], name="rollback_step_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.rollback}"


class DescendantKind(models.TextChoices):
    """What can descend from a base."""

    BASE = "base", _("base")
    ROUND = "round", _("round")
    CONTRIBUTION = "contribution", _("contribution trained from it")
    BUILD = "build", _("sovereign build")
    DERIVATIVE = "derivative", _("registered derivative")


class DescendantPlan(models.TextChoices):
    """What happens to a descendant."""

    REPLACED = "replaced", _("computed again without it")
    DROPPED = "dropped", _("left out too")
    KEPT = "kept", _("kept as it is")
    ABANDONED = "abandoned", _("abandoned")
    REVIEW = "review", _("its member decides")
    RETRAINED = "retrained", _("trained again on the new base")
    RETIRED = "retired", _("withdrawn from use")


class Descendant(models.Model):
    """One thing that holds what is taken out, what is planned with it, and what its member did."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rollback = models.ForeignKey(Rollback, on_delete=models.PROTECT, related_name="descendants")
    kind = models.CharField(max_length=14, choices=DescendantKind)
    subject = models.CharField(max_length=200, help_text=_("stable address, such as checkpoint:<digest>"))
    name = models.CharField(max_length=300)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=_("whose it is")
    )
    plan = models.CharField(max_length=12, choices=DescendantPlan)
    note = models.TextField(max_length=4000, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["rollback", "subject"], name="descendant_once")]

    def __str__(self) -> str:
        return f"{self.plan} {self.name}"
