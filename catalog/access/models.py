import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from catalog.access.states import TRANSITIONS, AccessState
from catalog.datasets.models import Dataset
from catalog.members.models import Member, User
from catalog.tiers import Purpose
from provenance.actors import Actor
from provenance.states import guard


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "AccessRequestQuerySet":
        """Keep the requests of the actor's members and those for their entries; all others are hidden.

        A request for an entry that became private since is its owner's alone, as the entry is (INV-6).
        """
        own = sorted(actor.members)
        parties = Q(member__slug__in=own) | Q(dataset__member__slug__in=own)
        return self.filter(parties, dataset__audience__in=sorted(actor.audiences))


class AccessRequest(models.Model):
    """A member asks the owner of a train-only or local-only entry for one purpose, for a time.

    The owner's stewards decide. While granted and not expired it is one of the grants that policy looks at;
    a renewal is a request of its own that names the one it follows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="access_requests")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="access_requests")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_requests")
    purpose = models.CharField(max_length=20, choices=[(str(p), str(p)) for p in Purpose])
    project = models.CharField(max_length=200)
    scope = models.TextField(max_length=4000)
    days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=AccessState, default=AccessState.SUBMITTED)
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="access_decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "member", "purpose"],
                condition=Q(state="submitted"),
                name="one_waiting_request_per_purpose",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(expires_at__gt=F("starts_at")),
                name="a_grant_has_an_end",
            ),
        ]
        triggers = [guard("access_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.member} asks for {self.dataset}"

    def get_absolute_url(self) -> str:
        """Return the path of the request's page."""
        return f"/access/{self.pk}/"
