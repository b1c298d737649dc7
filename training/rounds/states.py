from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a turn of the shared-base loop stands; each state is durable and says where a restart goes on."""

    OPEN = "open", _("open")
    DISTRIBUTING = "distributing", _("distributing")
    COLLECTING = "collecting", _("collecting")
    EVALUATING = "evaluating", _("evaluating")
    REVIEWING = "reviewing", _("reviewing")
    MERGING = "merging", _("merging")
    PROMOTING = "promoting", _("promoting")
    CLOSED = "closed", _("closed")
    ABANDONED = "abandoned", _("abandoned")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "open": ("distributing", "abandoned"),
    "distributing": ("collecting", "abandoned"),
    "collecting": ("evaluating", "abandoned"),
    "evaluating": ("reviewing", "abandoned"),
    "reviewing": ("merging", "abandoned"),
    "merging": ("promoting", "abandoned"),
    "promoting": ("closed", "abandoned"),
}
ENDED: Final = ("closed", "abandoned")
