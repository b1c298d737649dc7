from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.members.models import User
from provenance.states import guard
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.rounds.states import ENDED, TRANSITIONS, RoundState


class Round(models.Model):
    """One turn of the loop: distribute, contribute, review, merge, evaluate, redistribute."""

    family = models.ForeignKey(ModelFamily, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    base = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="rounds_from")
    result = models.OneToOneField(
        Checkpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="round"
    )
    state = models.CharField(max_length=14, choices=RoundState, default=RoundState.OPEN)
    plan = models.JSONField(help_text=_("settings of the training, the same for every node"))
    rules = models.JSONField(
        default=dict, help_text=_("what the members had voted for when it opened, by key")
    )
    quorum = models.PositiveSmallIntegerField(help_text=_("approvals of different members per contribution"))
    minimum_contributions = models.PositiveSmallIntegerField(default=1)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    deadline = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=300, blank=True, help_text=_("why it stands where it stands"))

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["family", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["family"], condition=~Q(state__in=list(ENDED)), name="one_round_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(result__isnull=False), name="closed_round_has_a_result"
            ),
        ]
        triggers = [guard("round_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.family.slug} round {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return f"/rounds/{self.pk}/"

    @property
    def label(self) -> str:
        """What people call it; ``str()`` is written into provenance and stays as it is."""
        return gettext("%(family)s, round %(n)s") % {"family": self.family.name, "n": self.number}

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen in this round."""
        return self.state in ENDED
