import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.datasets.models import TIER_CHOICES, DatasetVersion
from catalog.tiers import Purpose
from provenance.states import append_only, guard
from training.jobs.states import ENDED, TRANSITIONS, JobKind, JobState
from training.nodes.models import Node
from training.rounds.models import Round

MAX_FAILURES: Final = 5


class Job(models.Model):
    """One piece of work for one node in one round, under one signed manifest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="jobs")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=20, choices=JobKind)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    manifest = models.JSONField(help_text=_("DSSE envelope"))
    manifest_digest = models.CharField(max_length=64, unique=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=MAX_FAILURES)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text=_("no claim before this time: the back-off after a failure")
    )
    held_code = models.CharField(
        max_length=40, blank=True, help_text=_("why the node knows of the job and has not taken it")
    )
    held_reason = models.CharField(max_length=300, blank=True)
    subject = models.ForeignKey(
        "training.Contribution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checks",
        help_text=_("the contribution that a re-execution repeats"),
    )
    turn = models.PositiveSmallIntegerField(
        default=0, help_text=_("evaluations: 0 measures the candidate, 1 the base that was promoted instead")
    )
    phase = models.CharField(max_length=40, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    reason_code = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "node", "kind", "turn", "subject"],
                name="one_job_of_a_kind_per_round",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="re-execution", subject__isnull=False)
                | (~Q(kind="re-execution") & Q(subject__isnull=True)),
                name="re_execution_has_a_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="running_job_has_a_lease"
            ),
        ]
        triggers = [guard("job_moves", TRANSITIONS)]

    def __str__(self) -> str:
        return f"{self.kind} on {self.node}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to this job."""
        return self.state in ENDED


class JobInput(models.Model):
    """A dataset version that a job consumes; its tier is repeated here so that the database can refuse."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="inputs")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="uses")
    tier = models.CharField(max_length=12, choices=TIER_CHOICES)
    purpose = models.CharField(max_length=20, choices=[(str(p), str(p)) for p in Purpose])

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "version"], name="job_input_once"),
            models.CheckConstraint(
                condition=~Q(tier="private") | Q(purpose="sovereign-build"),
                name="inv_2_private_never_in_shared_work",
            ),
        ]
        triggers = [append_only("job_input_append_only")]

    def __str__(self) -> str:
        return f"{self.job} uses {self.version}"


class JobMetric(models.Model):
    """One reading while a job runs. Steps of an attempt that died stay, under their attempt's number."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="metrics")
    attempt = models.PositiveSmallIntegerField()
    step = models.PositiveIntegerField()
    loss = models.FloatField(help_text=_("mean cross-entropy, nats per token"))
    tokens_per_second = models.FloatField(default=0)
    tokens = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("seen since the first step"))
    memory_bytes = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("most that was in use: of the accelerator, else of the process")
    )
    gradient_norm = models.FloatField(null=True, blank=True, help_text=_("Euclidean, before clipping"))
    joules = models.FloatField(
        null=True, blank=True, help_text=_("spent since the first step, where the machine can tell")
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["job", "attempt", "step"]
        constraints = [models.UniqueConstraint(fields=["job", "attempt", "step"], name="metric_once")]

    def __str__(self) -> str:
        return f"step {self.step}: {self.loss:.3f}"


class JobLogLine(models.Model):
    """A line that the node chose to report. Never a byte of data."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="log")
    attempt = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
