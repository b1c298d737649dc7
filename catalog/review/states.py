"""Where an assignment and an appeal can stand, and their only moves."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentState(models.TextChoices):
    """``done``: they spoke. ``passed-on``: it went to somebody else. ``released``: nobody is asked now."""

    OPEN = "open", _("open")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    PASSED_ON = "passed-on", _("passed on")
    RELEASED = "released", _("released")


ASSIGNMENT_MOVES: Final[dict[str, tuple[str, ...]]] = {"open": ("done", "declined", "passed-on", "released")}


class AppealState(models.TextChoices):
    """An appeal is upheld or dismissed by voices, or taken back by who made it."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")
    WITHDRAWN = "withdrawn", _("withdrawn")


APPEAL_MOVES: Final[dict[str, tuple[str, ...]]] = {"open": ("upheld", "dismissed", "withdrawn")}
