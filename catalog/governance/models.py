import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.governance.states import MOTION_MOVES, MotionState
from catalog.governance.triggers import CAST_BY_A_MAINTAINER, VOTED
from catalog.members.models import Member, User
from provenance.states import append_only, guard


class MotionKind(models.TextChoices):
    """What the consortium decides by vote (INV-7)."""

    SETTING = "setting", _("a rule")
    ROLE = "role", _("a community reviewer")
    MEMBER = "member", _("a new member")


class Motion(models.Model):
    """A proposal to change how the consortium governs itself. ``change`` holds what a vote would bring about.

    Its shapes are in ``catalog.governance.changes``; ``about`` is the address of what would change, and has
    one open motion at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=MotionKind)
    about = models.CharField(max_length=200)
    change = models.JSONField()
    reason = models.TextField(max_length=4000)
    state = models.CharField(max_length=12, choices=MotionState, default=MotionState.OPEN)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="motions")
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closes_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MotionState.OPEN) ^ Q(decided_at__isnull=False),
                name="decided_motion_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(state=MotionState.OPEN), name="one_open_motion_about"
            ),
        ]
        triggers = [guard("motion_moves", MOTION_MOVES)]

    def __str__(self) -> str:
        return f"{self.kind} motion of {self.member}"

    def get_absolute_url(self) -> str:
        """Return the path of the motion's page."""
        return f"/governance/motions/{self.pk}/"


class Choice(models.TextChoices):
    """What a member says to a motion."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    ABSTAIN = "abstain", _("abstain")


class Ballot(models.Model):
    """One member's vote, cast by one of its maintainers. Append-only: nobody votes twice or takes it back."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="ballots")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ballots")
    voter = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice)
    note = models.TextField(max_length=4000, blank=True)
    cast_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "member"], name="ballot_once_a_member"),
            models.UniqueConstraint(fields=["motion", "voter"], name="ballot_once_a_person"),
        ]
        triggers = [append_only("ballot_append_only"), CAST_BY_A_MAINTAINER]

    def __str__(self) -> str:
        return f"{self.member}: {self.choice}"


class Rule(models.Model):
    """A setting's value from a moment on. The newest row of a key is in force; without one, the default.

    Each came by a motion that was carried: a trigger counts the votes again, so that no account of the
    operator's can put one here by itself (INV-7).
    """

    key = models.CharField(max_length=60)
    value = models.JSONField()
    motion = models.OneToOneField(Motion, on_delete=models.PROTECT, related_name="rule")
    in_force_from = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["key", "-id"], name="rules_by_key")]
        triggers = [append_only("rule_append_only"), VOTED]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
