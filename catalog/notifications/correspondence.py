"""How a person wants to be told: language, pace, and the key of their feeds."""

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from catalog.members.models import User
from catalog.notifications.models import Correspondence, MailPace
from provenance.actors import Actor
from provenance.errors import Invalid

# Languages whose letters are translated whole; the site's further languages are interface directions only.
LETTER_LANGUAGES: Final = (("en", _("English")), ("fr", _("French")))
_KEY_BYTES: Final = 32
_SALT: Final = "catalog.notifications.unsubscribe"


def correspondence_of(actor: Actor) -> Correspondence:
    """Return the wishes of a person, with a key for their feeds; made when first asked for."""
    found, _created = Correspondence.objects.get_or_create(user_id=actor.key)
    if not found.feed_key:
        found.feed_key = _new_key()
        Correspondence.objects.filter(pk=found.pk, feed_key="").update(feed_key=found.feed_key)
        found.refresh_from_db()  # another request may have been faster
    return found


def save_correspondence(*, actor: Actor, language: str, pace: str) -> Correspondence:
    """Keep language and pace.

    Raises:
        Invalid: codes ``language-unknown`` or ``pace-unknown``.
    """
    if language and language not in dict(LETTER_LANGUAGES):
        raise _refusal("language", "There are no letters in this language.")
    if pace not in MailPace.values:
        raise _refusal("pace", "There is no such pace.")
    kept = correspondence_of(actor)
    kept.language, kept.pace = language, MailPace(pace)
    kept.save(update_fields=["language", "pace"])
    return kept


def change_feed_key(*, actor: Actor) -> Correspondence:
    """Make a new key: the addresses of the feeds that were given away lead nowhere from now on."""
    kept = correspondence_of(actor)
    kept.feed_key = _new_key()
    kept.save(update_fields=["feed_key"])
    return kept


def language_of(kept: Correspondence) -> str:
    """Return the language of letters and feeds."""
    return kept.language or settings.LANGUAGE_CODE


def unsubscribe_token(user: User) -> str:
    """Return what ends a person's letters without signing in (RFC 8058); it opens nothing else."""
    return signing.Signer(salt=_SALT).sign(str(user.pk))


def end_letters(token: str) -> bool:
    """End the letters of whom the token names; False for a token that is not ours."""
    user = user_of_token(token)
    if user is None:
        return False
    Correspondence.objects.update_or_create(user=user, defaults={"pace": MailPace.NEVER})
    return True


def user_of_token(token: str) -> User | None:
    """Return whom a token to end letters names; None when it is not ours or the person is gone."""
    try:
        return User.objects.filter(pk=int(signing.Signer(salt=_SALT).unsign(token))).first()
    except signing.BadSignature:
        return None


def _new_key() -> str:
    return secrets.token_urlsafe(_KEY_BYTES)


def _refusal(field: str, message: str) -> Invalid:
    return Invalid(message, code=f"{field}-unknown", fields={field: [message]})
