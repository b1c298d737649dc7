from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessState(models.TextChoices):
    """Where a request for access stands."""

    SUBMITTED = "submitted", _("submitted")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")


TRANSITIONS: Final = {
    AccessState.SUBMITTED: (AccessState.GRANTED, AccessState.REFUSED, AccessState.WITHDRAWN),
    AccessState.GRANTED: (AccessState.REVOKED, AccessState.EXPIRED, AccessState.WITHDRAWN),
    AccessState.REFUSED: (),
    AccessState.WITHDRAWN: (),
    AccessState.REVOKED: (),
    AccessState.EXPIRED: (),
}
