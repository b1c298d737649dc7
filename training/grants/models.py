import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from catalog.datasets.models import STORABLE, TIER_CHOICES, DatasetVersion
from catalog.tiers import Purpose
from training.nodes.models import Node


class DataGrant(models.Model):
    """Leave for one node to read named files of one version, for one purpose, for a short time (DM:4, DM:9).

    ``manifest`` is the request as it was validated in seven steps, ``decision`` the id of the event that
    holds the policy's answer. Revoking it stops a read that is under way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="grants")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="grants")
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    purpose = models.CharField(max_length=20, choices=[(str(p), str(p)) for p in Purpose])
    place = models.CharField(max_length=2)
    paths = ArrayField(models.CharField(max_length=500))
    output_tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    manifest = models.JSONField()
    policy_version = models.CharField(max_length=40)
    decision = models.UUIDField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_because = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=STORABLE), name="inv_1_no_grant_on_local_bytes"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="a_grant_is_short"),
        ]

    def __str__(self) -> str:
        return f"{self.node} reads {self.version}"
