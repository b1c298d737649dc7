import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import Dataset
from catalog.members.models import Member, User
from catalog.proposals.states import TRANSITIONS, ProposalState
from provenance.actors import Actor
from provenance.states import append_only, guard


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "ProposalQuerySet":
        """Keep own members' proposals, and of other members what was submitted and is not private."""
        own = Q(member__slug__in=sorted(actor.members))
        if not actor.members:
            return self.none()
        submitted = ~Q(state=ProposalState.DRAFT) & ~Q(record__tier="private") & Q(submitted_at__isnull=False)
        return self.filter(own | submitted)


class Proposal(models.Model):
    """What a steward asks the consortium to list. ``revision`` counts saves and is the entity tag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposals")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    dataset = models.ForeignKey(
        Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    slug = models.SlugField(max_length=120)
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.DRAFT)
    record = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    change_note = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ProposalState)), name="proposal_state_known"),
        ]
        triggers = [guard("proposal_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the path of the proposal's page."""
        return f"/proposals/{self.pk}/"


class Verdict(models.TextChoices):
    """What a reviewer says."""

    APPROVE = "approve", _("approve")
    REQUEST_CHANGES = "request-changes", _("request changes")
    REJECT = "reject", _("reject")
    BLOCK = "block", _("block")


class Review(models.Model):
    """One maintainer's word on one revision, spoken for one member. Append-only."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reviews")
    revision = models.PositiveIntegerField()
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "revision", "reviewer"], name="review_once_per_revision"
            ),
            models.UniqueConstraint(fields=["proposal", "revision", "member"], name="one_voice_per_member"),
        ]
        triggers = [append_only("review_append_only")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.verdict}"
