from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobKind(models.TextChoices):
    """What a node is asked to do."""

    CONTRIBUTED_CPT = "contributed-cpt", _("contributed training")
    EVALUATION = "evaluation", _("evaluation")


class JobState(models.TextChoices):
    """Where a job stands. The row is the truth; a message in the broker only carries its id (INV-8)."""

    QUEUED = "queued", _("queued")
    DISPATCHED = "dispatched", _("sent to the node")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused by the node")
    CANCELLED = "cancelled", _("cancelled")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("dispatched", "running", "refused", "failed", "cancelled"),
    "dispatched": ("queued", "running", "refused", "failed", "cancelled"),
    "running": ("queued", "succeeded", "failed", "refused", "cancelled"),
}
CLAIMABLE: Final = ("queued", "dispatched")
ENDED: Final = ("succeeded", "failed", "refused", "cancelled")
