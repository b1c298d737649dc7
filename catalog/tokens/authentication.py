"""`Authorization: Token …` at the API. Pages and nodes do not ask this class, so no token opens them."""

import re
from typing import Final

from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

from catalog.members.models import User
from catalog.tokens.models import PersonalToken

WORD: Final = "Token"
FORM: Final = re.compile(rb"tap_[0-9a-f]{64}")


class TokenRefused(APIException):
    """A token that counts for nothing. Why is not told: who guesses learns nothing."""

    status_code = 401
    default_detail = "This token is unknown, revoked or expired."
    default_code = "not-authenticated"
    auth_header = WORD  # goes into WWW-Authenticate


class PersonalTokenAuthentication(TokenAuthentication):  # type: ignore[misc]  # knox has no types
    """Finds the person behind a token. knox compares digests in constant time."""

    def authenticate(self, request: Request) -> tuple[User, PersonalToken] | None:
        """Return person and token; None where the header is of another kind.

        Raises:
            TokenRefused: it is no token, or one that does not count.
        """
        word, _, given = get_authorization_header(request).partition(b" ")
        if word.lower() != WORD.lower().encode():
            return None
        if not FORM.fullmatch(given.strip()):
            raise TokenRefused
        try:
            person, token = self.authenticate_credentials(given.strip())
        except AuthenticationFailed:
            raise TokenRefused from None
        today = timezone.localdate()
        if token.used_on != today:
            PersonalToken.objects.filter(pk=token.pk).update(used_on=today)
        return person, token

    def _cleanup_token(self, auth_token: PersonalToken) -> bool:
        """Tell whether it has run out. knox would delete it here; the person's page still shows it."""
        return auth_token.is_over
