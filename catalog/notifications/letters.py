"""One letter: what happened and what waits, in the recipient's language, as text and as plain HTML."""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from catalog.interchange.addresses import absolute
from catalog.notifications.correspondence import unsubscribe_token
from catalog.notifications.models import Correspondence
from catalog.notifications.waiting import Waiting
from catalog.notifications.wording import Told

LONGEST_SUBJECT: Final = 180  # characters


def write_letter(
    kept: Correspondence, told: Sequence[Told], waiting: Sequence[Waiting], connection: BaseEmailBackend
) -> EmailMultiAlternatives:
    """Return the letter to a person; call it under their language (``language_of``).

    It holds titles and sentences and no more: mail travels in the open, the rest needs signing in.
    """
    end = absolute(reverse("notifications-unsubscribe", kwargs={"token": unsubscribe_token(kept.user)}))
    context = {
        "site": settings.SITE_NAME,
        "public_url": settings.PUBLIC_URL,
        "language": translation.get_language(),
        "told": told,
        "waiting": waiting,
        "settings_url": absolute(reverse("notifications-settings")),
        "end_url": end,
    }
    letter = EmailMultiAlternatives(
        subject=f"[{settings.SITE_NAME}] {_subject(told, waiting)}",
        body=render_to_string("mail/letter.txt", context),
        to=[kept.user.email],
        connection=connection,
        headers={
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday answers it
            "List-Unsubscribe": f"<{end}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        },
    )
    letter.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return letter


def _subject(told: Sequence[Told], waiting: Sequence[Waiting]) -> str:
    if len(told) == 1 and not waiting:
        subject = f"{told[0].sentence} · {told[0].about}"
    elif told:
        subject = ngettext("%(count)d thing happened", "%(count)d things happened", len(told)) % {
            "count": len(told)
        }
    else:
        subject = ngettext("%(count)d thing waits for you", "%(count)d things wait for you", len(waiting)) % {
            "count": len(waiting)
        }
    return " ".join(subject.split())[:LONGEST_SUBJECT]
