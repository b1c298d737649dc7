"""Where a motion can stand, and its only moves."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class MotionState(models.TextChoices):
    """``lapsed``: the time was over before enough members had voted."""

    OPEN = "open", _("open")
    CARRIED = "carried", _("carried")
    LOST = "lost", _("lost")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


MOTION_MOVES: Final[dict[str, tuple[str, ...]]] = {"open": ("carried", "lost", "lapsed", "withdrawn")}
