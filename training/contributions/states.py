from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContributionState(models.TextChoices):
    """Where a weight update stands."""

    COMMITTED = "committed", _("committed: signed, its bytes are still to come")
    RECEIVED = "received", _("received")
    ADMITTED = "admitted", _("admitted to review")
    INADMISSIBLE = "inadmissible", _("inadmissible")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    QUARANTINED = "quarantined", _("quarantined")
    MERGED = "merged", _("merged")
    WITHDRAWN = "withdrawn", _("never delivered")


TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    "committed": ("received", "withdrawn"),
    "received": ("admitted", "inadmissible"),
    "admitted": ("accepted", "rejected", "quarantined"),
    "accepted": ("merged", "rejected"),
    "rejected": ("admitted",),
    "quarantined": ("admitted",),
}
