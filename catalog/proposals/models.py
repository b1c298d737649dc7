import uuid

from django.db import models
from django.db.models import Q

from catalog.datasets.models import Dataset
from catalog.members.models import Member, User
from catalog.proposals.states import TRANSITIONS, AcceptedFor, BlockGround, ProposalState
from provenance.actors import Actor
from provenance.states import guard


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
    """What a steward asks the consortium to list. ``revision`` counts saves and is the entity tag.

    ``accepted_for`` and ``block_ground`` say more of two states that have kinds (FIELD.md §4, "Decision").
    ``intake`` tells where a draft was read from: ``{source, format, normalised, unknown}``.
    """

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
    intake = models.JSONField(default=dict, blank=True)
    accepted_for = models.CharField(max_length=12, choices=AcceptedFor, blank=True)
    block_ground = models.CharField(max_length=12, choices=BlockGround, blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ProposalState)), name="proposal_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.ACCEPTED) | Q(record__tier="private") | ~Q(accepted_for=""),
                name="accepted_for_something",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.BLOCKED) | ~Q(block_ground=""), name="blocked_on_a_ground"
            ),
        ]
        triggers = [guard("proposal_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Return the path of the proposal's page."""
        return f"/proposals/{self.pk}/"
