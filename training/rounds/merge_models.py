from django.db import models

from provenance.states import append_only
from training.checkpoints.models import Checkpoint
from training.contributions.models import Contribution
from training.rounds.models import Round


class LeaveOneOut(models.Model):
    """The merge of a round's candidate without one contribution: what the base would be without it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="left_out")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="left_out")
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="left_out")

    class Meta:
        ordering = ["round", "contribution"]
        constraints = [
            models.UniqueConstraint(fields=["round", "contribution"], name="left_out_once_a_round")
        ]
        triggers = [append_only("left_out_append_only")]

    def __str__(self) -> str:
        return f"{self.round} without {self.contribution}"


class Coefficient(models.Model):
    """How much of a contribution's update is in a base, for linear rules: the base is base 0 + Σ c·u.

    ``in_velocity`` is how much of it an outer optimizer still carries into later bases.
    """

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="coefficients")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="coefficients")
    in_base = models.FloatField()
    in_velocity = models.FloatField(default=0.0)

    class Meta:
        ordering = ["checkpoint", "contribution"]
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "contribution"], name="coefficient_once")
        ]
        triggers = [append_only("coefficient_append_only")]

    def __str__(self) -> str:
        return f"{self.in_base:.6g} of {self.contribution} in {self.checkpoint}"
