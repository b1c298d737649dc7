from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class NodeState(models.TextChoices):
    """Whether a node may take part."""

    PENDING = "pending", _("waiting for approval")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "pending": ("active", "revoked"),
    "active": ("suspended", "revoked"),
    "suspended": ("active", "revoked"),
}
