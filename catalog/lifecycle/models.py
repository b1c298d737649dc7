import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import Dataset, DatasetVersion
from provenance.states import append_only


class NoticeKind(models.TextChoices):
    """What a notice tells the readers of an entry or of one version."""

    DEPRECATED = "deprecated", _("deprecated")
    SUPERSEDED = "superseded", _("superseded")
    REINSTATED = "reinstated", _("reinstated")


class Notice(models.Model):
    """A steward's word on an entry (``version`` empty) or on one of its versions; the newest one counts.

    Deprecated: do not start anything new with it. Superseded: ``successor`` stands in its place. Reinstated:
    what was said before no longer holds. Append-only, so that nobody can say it was never said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    kind = models.CharField(max_length=12, choices=NoticeKind)
    successor = models.ForeignKey(
        Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    reason = models.TextField(max_length=4000, blank=True)
    actor_label = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="superseded", successor__isnull=False)
                | (~Q(kind="superseded") & Q(successor__isnull=True)),
                name="superseded_names_its_successor",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("dataset")),
                name="no_entry_supersedes_itself",
            ),
        ]
        triggers = [append_only("notice_append_only")]

    def __str__(self) -> str:
        return f"{self.version or self.dataset}: {self.kind}"
