import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.batches.states import BATCH_MOVES, ROW_MOVES, BatchState, RowState
from catalog.members.models import Member, Role, User
from catalog.proposals.models import Proposal
from provenance.actors import Actor
from provenance.states import guard


class BatchQuerySet(models.QuerySet["Batch"]):
    """Reads that know who asks."""

    def visible_to(self, actor: Actor) -> "BatchQuerySet":
        """Keep the batches of members that the actor is a steward of; nobody else learns of any (INV-6)."""
        return self.filter(member__slug__in=sorted(actor.members_with(Role.STEWARD)))


class Batch(models.Model):
    """A table of descriptions that a steward handed in, each row on its way to a draft.

    ``columns`` are pairs of a column and the path of the record that it fills, "" where it is left out, in
    the order of the table. ``constants`` are texts by path, for rows that say nothing there.
    """

    class Format(models.TextChoices):
        CSV = "csv", _("table (CSV)")
        HUBSPOT = "hubspot", _("HubSpot export")
        JSON = "json", _("JSON")
        LINES = "lines", _("JSON lines")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="batches")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=12, choices=Format)
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.MAPPING)
    columns = models.JSONField(default=list)
    constants = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, help_text=_("of the rows that were kept, in canonical JSON"))
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        triggers = [guard("batch_moves", BATCH_MOVES)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the batch's page."""
        return f"/proposals/batches/{self.pk}/"


class Row(models.Model):
    """One row of a batch: what it said, what became of it.

    ``values`` are the cells by column, as they came or were repaired; one that says it is private keeps none
    (INV-1). ``faults`` are those of ``catalog.batches.faults``: ``[{field, column, code, message, remedy}]``.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_("line of the table, the heading not counted"))
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=RowState, default=RowState.WAITING)
    proposal = models.OneToOneField(
        Proposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_row"
    )

    class Meta:
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="row_once"),
            models.CheckConstraint(
                condition=~Q(state=RowState.REFUSED) | Q(values={}), name="refused_row_keeps_nothing"
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="rows_by_state")]
        triggers = [guard("row_moves", ROW_MOVES)]

    def __str__(self) -> str:
        return f"{self.batch}, row {self.number}"

    def get_absolute_url(self) -> str:
        """Return the path of the page on which the row is repaired."""
        return f"/proposals/batches/{self.batch_id}/rows/{self.number}/"
