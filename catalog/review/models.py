import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.members.models import Member, User
from catalog.proposals.models import Proposal
from catalog.proposals.states import AcceptedFor, BlockGround
from catalog.review.states import APPEAL_MOVES, ASSIGNMENT_MOVES, AppealState, AssignmentState
from provenance.states import append_only, guard, unchanging


class Verdict(models.TextChoices):
    """What a reviewer says."""

    APPROVE = "approve", _("approve")
    REQUEST_CHANGES = "request-changes", _("request changes")
    REJECT = "reject", _("reject")
    BLOCK = "block", _("block")


class Capacity(models.TextChoices):
    """As what a reviewer speaks: with a member's voice, or for a community, which can block and no more."""

    MAINTAINER = "maintainer", _("maintainer")
    COMMUNITY = "community", _("community reviewer")


class Review(models.Model):
    """One word on one revision. Append-only.

    A maintainer's is the voice of a member: one a member and revision. ``accepted_for`` says how far an
    approval goes, ``ground`` on what a block rests.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reviews")
    revision = models.PositiveIntegerField()
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reviews")
    capacity = models.CharField(max_length=12, choices=Capacity, default=Capacity.MAINTAINER)
    verdict = models.CharField(max_length=16, choices=Verdict)
    accepted_for = models.CharField(max_length=12, choices=AcceptedFor, blank=True)
    ground = models.CharField(max_length=12, choices=BlockGround, blank=True)
    reason_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "revision", "reviewer"], name="review_once_per_revision"
            ),
            models.UniqueConstraint(
                fields=["proposal", "revision", "member"],
                condition=Q(capacity=Capacity.MAINTAINER),
                name="one_voice_per_member",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.APPROVE) ^ Q(accepted_for=""), name="approval_says_for_what"
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.BLOCK) ^ Q(ground=""), name="block_says_on_what_ground"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.MAINTAINER) | Q(verdict=Verdict.BLOCK, ground="community"),
                name="community_reviewers_only_block",
            ),
        ]
        triggers = [append_only("review_append_only")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.verdict}"


class Submission(models.Model):
    """What was handed in, each time: reviewers compare the last two. ``answer`` answers what they asked for.

    Forgotten with everything else when its proposal becomes private.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="submissions")
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    record = models.JSONField()
    files = models.JSONField()
    change_note = models.CharField(max_length=500, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=~Q(record__tier="private"), name="submission_never_private"),
        ]
        triggers = [unchanging("submission_unchanging")]

    def __str__(self) -> str:
        return f"{self.proposal}, handed in for the {self.number}. time"


class Assignment(models.Model):
    """Who is asked to review, for which member, and by when. Others may speak without being asked."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=AssignmentState, default=AssignmentState.OPEN)
    assigned_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("empty: by turns"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "reviewer"],
                condition=Q(state=AssignmentState.OPEN),
                name="assigned_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=AssignmentState.OPEN), name="assignments_by_due_date"
            )
        ]
        triggers = [guard("assignment_moves", ASSIGNMENT_MOVES)]

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.proposal}"


class Recusal(models.Model):
    """A maintainer's own word that they will not decide on a proposal. For good."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="recusals")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="recused_once")]
        triggers = [append_only("recusal_append_only")]

    def __str__(self) -> str:
        return f"{self.person} on {self.proposal}"


class Thread(models.Model):
    """A talk about one field of a proposal, or about all of it where ``field`` is empty.

    ``field`` is a dotted path of the record, as findings have it. ``requested`` marks what has to be answered
    before the proposal is handed in again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="threads")
    field = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField()
    requested = models.BooleanField(default=False)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.field or 'all of it'}"


class Comment(models.Model):
    """One thing said in a thread. Nobody changes what was said; who erred says so in the next one."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [unchanging("comment_unchanging")]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"


class Appeal(models.Model):
    """A steward's call against a rejection or a block. Maintainers who did not speak for it decide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="appeals")
    against = models.CharField(
        max_length=12, choices=[("rejected", _("rejected")), ("blocked", _("blocked"))]
    )
    revision = models.PositiveIntegerField()
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
            models.UniqueConstraint(fields=["proposal", "revision"], name="appealed_once_per_revision"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state=AppealState.OPEN), name="one_open_appeal"
            ),
        ]
        triggers = [guard("appeal_moves", APPEAL_MOVES)]

    def __str__(self) -> str:
        return f"appeal on {self.proposal}"


class AppealVoice(models.Model):
    """One member's word on an appeal. Append-only."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="voices")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    upholds = models.BooleanField(help_text=_("the appeal is right: the proposal is reviewed again"))
    note = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "member"], name="appeal_voice_once_a_member"),
            models.UniqueConstraint(fields=["appeal", "reviewer"], name="appeal_voice_once_a_person"),
        ]
        triggers = [append_only("appeal_voice_append_only")]

    def __str__(self) -> str:
        return f"{self.member}: {'upholds' if self.upholds else 'dismisses'}"
