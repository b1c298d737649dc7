import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from catalog.review.states import APPEAL_MOVES, AppealState
from catalog.tokens.models import PersonalToken
from provenance.states import append_only, guard
from training.contributions.models import Contribution, DecisionVerdict


class ContributionRequest(models.Model):
    """What a maintainer wants to know of the contributing member before they decide. Not a verdict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="requests")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    question = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="request_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} asks about {self.contribution}"


class ContributionAppeal(models.Model):
    """The contributing member's call against a rejection or a quarantine, once a turn.

    Members that did not speak for the decision decide.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="appeals")
    turn = models.PositiveSmallIntegerField()
    against = models.CharField(max_length=14)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    grounds = models.TextField(max_length=4000)
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "turn"], name="contribution_appealed_once")
        ]
        triggers = [guard("contribution_appeal_moves", APPEAL_MOVES)]

    def __str__(self) -> str:
        return f"appeal for {self.contribution}"


class ContributionAppealVoice(models.Model):
    """One member's word on an appeal. Append-only."""

    appeal = models.ForeignKey(ContributionAppeal, on_delete=models.PROTECT, related_name="voices")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    maintainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    upholds = models.BooleanField()
    note = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "member"], name="contribution_appeal_voice_once")
        ]
        triggers = [append_only("contribution_appeal_voice_append_only")]

    def __str__(self) -> str:
        return f"{self.member}: {'upholds' if self.upholds else 'dismisses'}"


class Opinion(models.Model):
    """What a program thinks, sent with somebody's token. It never counts (INV-7). The last one stands."""

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", help_text=_("whose token the program used")
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(
        PersonalToken, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", to_field="key"
    )
    program = models.CharField(max_length=80, help_text=_("what it calls itself"))
    verdict = models.CharField(max_length=10, choices=DecisionVerdict)
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.program}: {self.verdict}"
