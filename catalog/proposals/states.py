"""Where a proposal can stand, and its only moves."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """FIELD.md §4, "Decision", seen as a way."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in_review", _("in review")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    BLOCKED = "blocked", _("blocked")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AcceptedFor(models.TextChoices):
    """How far the consortium accepted an entry, from the least to the most; each includes those before it."""

    METADATA = "metadata", _("metadata")
    EVALUATION = "evaluation", _("evaluation")
    TRAINING = "training", _("training")


class BlockGround(models.TextChoices):
    """On what ground a proposal was stopped."""

    RIGHTS = "rights", _("rights")
    PRIVACY = "privacy", _("privacy")
    COMMUNITY = "community", _("community")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("submitted", "accepted", "withdrawn"),
    "submitted": ("in_review", "accepted", "changes_requested", "rejected", "blocked", "withdrawn"),
    "in_review": ("accepted", "changes_requested", "rejected", "blocked", "withdrawn"),
    "changes_requested": ("submitted", "withdrawn"),
    "blocked": ("in_review", "rejected", "withdrawn"),
    "rejected": ("in_review",),  # by an appeal that was upheld, and in no other way
}
EDITABLE: Final = ("draft", "changes_requested")
UNDER_REVIEW: Final = ("submitted", "in_review")
DECIDED: Final = ("accepted", "rejected", "withdrawn")
