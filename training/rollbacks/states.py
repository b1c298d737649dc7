from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class RollbackState(models.TextChoices):
    """Where a rollback stands; only members' voices move it to ``replaying``."""

    PROPOSED = "proposed", _("proposed")
    REPLAYING = "replaying", _("replaying")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused by the members")
    TAKEN_BACK = "taken-back", _("taken back")
    FAILED = "failed", _("failed")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "proposed": ("replaying", "refused", "taken-back"),
    "replaying": ("done", "failed"),
    "failed": ("replaying", "taken-back"),
}
ENDED: Final = ("done", "refused", "taken-back")
