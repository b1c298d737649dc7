"""The letter to a person who was given an account."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.members.models import User


def invitation_for(person: User) -> tuple[str, str]:
    """Return subject and body of the letter; its link works once, for ``PASSWORD_RESET_TIMEOUT`` seconds."""
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    parts = [
        _("You were given an account. Open this link to choose a password; it works once, for some days:"),
        f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=key)}",
        _("Later, ask for another link here:"),
        f"{settings.PUBLIC_URL}{reverse('account_reset_password')}",
    ]
    return f"[{settings.SITE_NAME}] {_('Your account')}", "\n\n".join(parts) + "\n"
