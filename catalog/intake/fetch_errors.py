"""How an address, or what lies there, is refused."""

from typing import Final

from django.utils.translation import gettext as _

from provenance.errors import Invalid

CODES: Final = frozenset(
    {
        *("address-malformed", "address-forbidden", "address-unknown"),
        *("fetch-failed", "fetch-timeout", "fetch-too-large", "fetch-too-many-redirects", "fetch-wrong-type"),
    }
)


def refuse_fetch(code: str, message: str) -> Invalid:
    """Return the refusal, told at the field ``url``. What the other server said is never repeated."""
    remedy = _("Save the description, and give the file or its text instead.")
    return Invalid(message, code=code, fields={"url": [message]}, remedy=remedy)
