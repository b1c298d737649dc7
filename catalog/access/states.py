from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.states import Transitions


class AccessState(models.TextChoices):
    """Where a request for access stands."""

    SUBMITTED = "submitted", _("submitted")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")


TRANSITIONS: Final[Transitions] = {
    AccessState.SUBMITTED: (AccessState.GRANTED, AccessState.REFUSED, AccessState.WITHDRAWN),
    AccessState.GRANTED: (AccessState.REVOKED, AccessState.EXPIRED, AccessState.WITHDRAWN),
    AccessState.REFUSED: (),
    AccessState.WITHDRAWN: (),
    AccessState.REVOKED: (),
    AccessState.EXPIRED: (),
}
# A renewal may follow a grant that runs or has run out, never one that was taken away.
RENEWABLE: Final = (AccessState.GRANTED, AccessState.EXPIRED)
