from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.states import Transitions


class InspectionState(models.TextChoices):
    """Where the computing of a file's facts stands."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


# A worker that dies leaves it running; the reaper queues it again, a few times (INV-8).
TRANSITIONS: Final[Transitions] = {
    InspectionState.QUEUED: (InspectionState.RUNNING, InspectionState.REFUSED),
    InspectionState.RUNNING: (InspectionState.DONE, InspectionState.REFUSED, InspectionState.QUEUED),
    InspectionState.DONE: (),
    InspectionState.REFUSED: (),
}
FINISHED: Final = (InspectionState.DONE, InspectionState.REFUSED)
