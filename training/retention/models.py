from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from training.contributions.models import Contribution


class RetentionWish(models.Model):
    """After how many rounds only the hash of a member's contributions is kept. None: they are kept."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="retention_wish")
    rounds = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.member}: {'kept' if self.rounds is None else f'{self.rounds} rounds'}"


class Recall(models.Model):
    """Bytes that a replay needs and only their node has: asked for by hash, sent back, checked."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="recalls")
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True, help_text=_("why the node has them no more"))

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"],
                condition=models.Q(answered_at__isnull=True),
                name="recalled_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"recall of {self.contribution}"
