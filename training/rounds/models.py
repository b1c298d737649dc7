from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from provenance.states import append_only, guard
from training.checkpoints.models import Checkpoint
from training.families.models import ModelFamily
from training.rounds.states import ENDED, TRANSITIONS, RoundState


class Round(models.Model):
    """One turn of the loop: distribute, collect, evaluate, review, merge, promote, redistribute."""

    class Mode(models.TextChoices):
        SYNCHRONOUS = "synchronous", _("synchronous: it waits for every node, or for a vote")
        ASYNCHRONOUS = "asynchronous", _("asynchronous: it takes what arrives in its window")

    family = models.ForeignKey(ModelFamily, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    base = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="rounds_from")
    result = models.OneToOneField(
        Checkpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="round"
    )
    candidate = models.ForeignKey(
        Checkpoint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidate_in",
        help_text=_("the merge of all that was admissible, measured before anybody decides"),
    )
    state = models.CharField(max_length=14, choices=RoundState, default=RoundState.OPEN)
    mode = models.CharField(max_length=14, choices=Mode, default=Mode.SYNCHRONOUS)
    most_stale = models.PositiveSmallIntegerField(
        default=0, help_text=_("asynchronous: how many bases old an update's start may be")
    )
    plan = models.JSONField(help_text=_("settings of the training, the same for every node"))
    rules = models.JSONField(
        default=dict, help_text=_("what the members had voted for when it opened, by key")
    )
    quorum = models.PositiveSmallIntegerField(help_text=_("approvals of different members per contribution"))
    minimum_contributions = models.PositiveSmallIntegerField(default=1)
    opened_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("nobody, where the members' cadence opened it"),
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    deadline = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    ballot = models.PositiveSmallIntegerField(
        default=0, help_text=_("number of the vote on stragglers that is open, or was the last")
    )
    ballot_open = models.BooleanField(default=False)
    waiting_code = models.CharField(max_length=80, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
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


class StragglerChoice(models.TextChoices):
    """What to do about nodes that the deadline found missing."""

    GO_ON = "go-on", _("go on without them")
    WAIT = "wait", _("wait longer")
    ABANDON = "abandon", _("abandon the round")


class StragglerVote(models.Model):
    """One member's word on a round whose deadline found nodes missing. Append-only (INV-7)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="straggler_votes")
    ballot = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=StragglerChoice)
    hours = models.PositiveSmallIntegerField(default=0, help_text=_("how much longer, where it is to wait"))
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "ballot", "member"], name="straggler_vote_once"),
            models.CheckConstraint(
                condition=Q(choice="wait", hours__gte=1) | (~Q(choice="wait") & Q(hours=0)),
                name="only_waiting_has_hours",
            ),
        ]
        triggers = [append_only("straggler_vote_append_only")]

    def __str__(self) -> str:
        return f"{self.member}: {self.choice}"
