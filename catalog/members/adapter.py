"""How people come to have an account: the consortium enters them; nobody makes one for themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closes public sign-up: voices count in decisions, so accounts are the members' to give (INV-7)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Say no to everybody."""
        return False
