"""Where a batch and its rows can stand."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """``mapping``: columns are still being told apart; ``working``: a worker goes through the rows."""

    MAPPING = "mapping", _("columns to check")
    WORKING = "working", _("at work")
    READY = "ready", _("ready")


class RowState(models.TextChoices):
    """``refused``: private data are not described here, so nothing of the row was kept (INV-1)."""

    WAITING = "waiting", _("waiting")
    FAULTY = "faulty", _("to repair")
    DRAFTED = "drafted", _("draft")
    SUBMITTED = "submitted", _("submitted")
    SKIPPED = "skipped", _("left out")
    REFUSED = "refused", _("refused")


ROW_MOVES: Final[dict[str, tuple[str, ...]]] = {
    "waiting": ("faulty", "drafted", "skipped", "refused"),
    "faulty": ("waiting", "drafted", "skipped", "refused"),
    "drafted": ("submitted", "faulty"),
    "skipped": ("waiting",),
}
BATCH_MOVES: Final[dict[str, tuple[str, ...]]] = {
    "mapping": ("working",),
    "working": ("ready", "mapping"),  # back where who handed it in is no steward any more
    "ready": ("working",),  # with other columns, for the rows that are no drafts yet
}
