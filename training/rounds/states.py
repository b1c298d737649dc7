from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundState(models.TextChoices):
    """Where a turn of the shared-base loop stands; each state is durable and says where a restart goes on."""

    OPEN = "open", _("open")
    DISTRIBUTING = "distributing", _("distributing")
    COLLECTING = "collecting", _("collecting")
    REVIEWING = "reviewing", _("reviewing")
    MERGING = "merging", _("merging")
    EVALUATING = "evaluating", _("evaluating")
    CLOSED = "closed", _("closed")
    ABANDONED = "abandoned", _("abandoned")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "open": ("distributing", "abandoned"),
    "distributing": ("collecting", "abandoned"),
    "collecting": ("reviewing", "abandoned"),
    "reviewing": ("merging", "abandoned"),
    "merging": ("evaluating", "abandoned"),
    "evaluating": ("closed", "abandoned"),
}
ENDED: Final = ("closed", "abandoned")
