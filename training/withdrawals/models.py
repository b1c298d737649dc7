import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import Dataset
from catalog.members.models import Member


class TaskKind(models.TextChoices):
    """What a withdrawal reaches."""

    JOB = "job", _("active job")
    REPLICA = "replica", _("copy on a node")
    DESCENDANT = "descendant", _("descendant")


class TaskAction(models.TextChoices):
    """What has to be done with it."""

    STOP = "stop", _("stop")
    DELETE = "delete", _("delete")
    QUARANTINE = "quarantine", _("quarantine")
    REVIEW = "review", _("review")
    CONTINUE = "continue", _("continue by exception")


class WithdrawalTask(models.Model):
    """One thing that a withdrawal reaches, the member responsible for it, and what came of it (DM:17)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="withdrawal_tasks")
    kind = models.CharField(max_length=12, choices=TaskKind)
    subject = models.CharField(max_length=200, help_text=_("stable address, such as job:<id> or node:<slug>"))
    name = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="withdrawal_tasks")
    action = models.CharField(max_length=12, choices=TaskAction)
    note = models.TextField(max_length=4000, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "subject"], name="withdrawal_task_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(done_by=""), name="somebody_did_the_task"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.name}"
