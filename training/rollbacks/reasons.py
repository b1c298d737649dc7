"""Why a contribution is to be taken out: a closed list, published with its words."""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """What speaks for a rollback. The codes stand in the log and never change their meaning."""

    CONSENT = "consent-withdrawn", _("Consent to its data was withdrawn")
    HARMFUL = "harmful", _("It does harm")
    ERRONEOUS = "erroneous", _("It was made by mistake, or from wrong data")
    OTHER = "other", _("Something else, as the note says")


WORDS_OF_REASON: Final[dict[str, str | Promise]] = {
    **dict(Reason.choices),
    "rolled-back": _("the base that it started from is replaced"),
    "bytes-gone": _("the node has the bytes no more"),
    "bytes-missing": _("bytes are missing"),
}
