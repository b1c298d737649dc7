"""Why a maintainer rejects an update or puts it in quarantine: a closed list, published with its words.

The codes stand in the log, in signed decisions and in the API, and never change their meaning.
"""

from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ReasonCode(models.TextChoices):
    """What may speak against an update; several may."""

    HARMS_OTHERS = "harms-other-domains", _("It harms other domains, for too little gain of its own")
    POISONING = "poisoning-suspected", _("It looks made to harm the base, or to plant something in it")
    NOT_DECLARED = "data-not-declared", _("It shows signs of data that its manifest does not name")
    LICENCE = "licence-doubt", _("It is in doubt whether its data may be used like this")
    QUALITY = "quality-too-low", _("It improves too little, even on its own domain")
    DUPLICATE = "duplicate-update", _("It repeats an update that is here already")
    PRIVACY = "privacy-leak", _("It gives away what its training data hold")
    NOT_REPRODUCIBLE = "not-reproducible", _("Computed again, something else came out")
    OTHER = "other", _("Something else, as the note says")


OVERDUE: Final = "appeal-overdue"
WORDS_OF_REASON: Final[dict[str, str | Promise]] = {
    **dict(ReasonCode.choices),
    OVERDUE: _("too few members spoke on the appeal in time"),
}
