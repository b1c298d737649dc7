from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobKind(models.TextChoices):
    """What the coordinator asks a node to do: those of `training.manifest.kinds` that are no private work."""

    CONTRIBUTED_CPT = "contributed-cpt", _("contributed training")
    DISTILLATION = "distillation", _("distillation")
    EVALUATION = "evaluation", _("evaluation")
    RE_EXECUTION = "re-execution", _("re-execution")


class JobState(models.TextChoices):
    """Where a job stands. The row is the truth; a message in the broker only carries its id (INV-8)."""

    QUEUED = "queued", _("queued")
    DISPATCHED = "dispatched", _("sent to the node")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused by its member")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused by the node")
    CANCELLED = "cancelled", _("cancelled")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "queued": ("dispatched", "running", "paused", "refused", "failed", "cancelled"),
    "dispatched": ("queued", "running", "paused", "refused", "failed", "cancelled"),
    "running": ("queued", "paused", "succeeded", "failed", "refused", "cancelled"),
    "paused": ("queued", "refused", "failed", "cancelled"),
}
CLAIMABLE: Final = ("queued", "dispatched")
ENDED: Final = ("succeeded", "failed", "refused", "cancelled")
CONTRIBUTES: Final = (JobKind.CONTRIBUTED_CPT, JobKind.DISTILLATION)
