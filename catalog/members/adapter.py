"""How people come to have an account: the consortium enters them; nobody makes one for themselves."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WRONG = _("The address or the password is wrong. Capital and small letters differ.")


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes public sign-up: voices count in decisions, so accounts are the members' to give (INV-7)."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("The main address stays. Make another one the main address first."),
        "duplicate_email": _("Your account has this address already."),
        "email_password_mismatch": WRONG,
        "email_taken": _("Another account has this address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This is not the code that was sent."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": WRONG,
        "invalid_or_expired_key": _("This link is used up."),
        "invalid_password_reset": _("This link is used up."),
        "max_email_addresses": _("An account has %d addresses at most."),
        "rate_limited": _("That was tried too often. Wait some minutes and try once more."),
        "same_as_current": _("This is what it was before."),
        "too_many_login_attempts": _("That was tried too often. Wait some minutes and try once more."),
        "unknown_email": _("No account has this address."),
        "unverified_primary_email": _("Confirm the address first; then it can be the main one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Say no to everybody."""
        return False
