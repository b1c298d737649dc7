"""Making and revoking personal tokens. Whoever holds one may do at the API what its person may do there."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from catalog.members.models import User
from catalog.tokens.models import PersonalToken, tokens_of
from provenance.actors import Actor, ActorKind, member_audience
from provenance.errors import Conflict, Invalid, NotFound, NotPermitted
from provenance.events.services import record_event
from provenance.text import plain_text

MOST: Final = 20  # of one person at a time
LONGEST_LIFE: Final = 366  # days
LONGEST_NAME: Final = 80  # characters, as the column holds them


@transaction.atomic
def make_token(*, actor: Actor, name: str, days: int) -> tuple[PersonalToken, str]:
    """Make a token for ``actor`` that counts for ``days`` days; return its row and the token itself.

    The token is told here and never again. The log knows that there is one, by its ``key`` alone.

    Raises:
        NotPermitted: code ``not-a-person``.
        Invalid: codes ``name-missing``, ``text-malformed`` or ``life-out-of-range``.
        Conflict: code ``too-many-tokens``.
    """
    if actor.kind is not ActorKind.PERSON:
        raise NotPermitted("Tokens are for people.", code="not-a-person", requirement="DM:13")
    name = plain_text(name, field="name", longest=LONGEST_NAME)
    _check(name, days)
    User.objects.select_for_update().get(pk=actor.key)  # two at once would both find room
    if tokens_of(actor.key).count() >= MOST:
        raise Conflict(
            f"You have {MOST} tokens.", code="too-many-tokens", remedy="Revoke one that you use no more."
        )
    token, secret = PersonalToken.objects.create(
        user=User(pk=actor.key), expiry=timedelta(days=days), name=name
    )
    _log(actor, token, "token.made")
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: PersonalToken) -> None:
    """End one of the actor's own tokens, from the next request on.

    Raises:
        NotFound: the actor has no such token.
    """
    taken, _ = tokens_of(actor.key).filter(key=token.key).delete()
    if not taken:
        raise NotFound("There is no such token.")
    _log(actor, token, "token.revoked")


def _check(name: str, days: int) -> None:
    if not name:
        message = "Say what it is for."
        raise Invalid(message, code="name-missing", fields={"name": [message]})
    if not 1 <= days <= LONGEST_LIFE:
        message = f"A token counts for 1 to {LONGEST_LIFE} days."
        raise Invalid(message, code="life-out-of-range", fields={"days": [message]})


def _log(actor: Actor, token: PersonalToken, action: str) -> None:
    record_event(
        actor=actor, action=action, subject=f"token:{token.key}", audience=member_audience(actor.member)
    )
