"""What programs think of an update, sent with a person's token. It is shown, and never counts (INV-7)."""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from catalog.members.models import Member
from catalog.tokens.models import PersonalToken
from provenance.actors import Actor, ActorKind
from provenance.errors import NotPermitted
from provenance.text import required_text
from training.contributions.access import lock_contribution
from training.contributions.models import Contribution, DecisionVerdict
from training.contributions.review_models import Opinion
from training.contributions.trail import leave_trail

LONGEST_NAME: Final = 80  # characters, as the columns hold them
LONGEST_TEXT: Final = 4000


@transaction.atomic
def give_opinion(
    actor: Actor,
    contribution: Contribution,
    *,
    token: PersonalToken,
    program: str,
    verdict: DecisionVerdict,
    text: str,
) -> Opinion:
    """Keep what a program says, in place of what it said before with the same token; the log has them all.

    It may say something at any time, also of its own member's updates: nothing depends on it.

    Raises:
        NotPermitted: ``not-a-member``, for a person of no member.
        Invalid: ``program-missing``, ``text-missing``, ``text-malformed``.
    """
    if actor.kind is not ActorKind.PERSON or not actor.members:
        raise NotPermitted("Programs of members' people give opinions.", code="not-a-member")
    program = required_text(
        program,
        field="program",
        longest=LONGEST_NAME,
        message="Say what the program is called.",
        code="program-missing",
    )
    text = required_text(
        text, field="text", longest=LONGEST_TEXT, message="Say what it found.", code="text-missing"
    )
    found = lock_contribution(contribution)
    opinion = Opinion.objects.create(
        contribution=found,
        person_id=actor.key,
        member=Member.objects.get(slug=actor.member),
        token=token,
        program=program,
        verdict=verdict,
        text=text,
    )
    leave_trail(actor, found, "contribution.opined", opinion=opinion.pk, verdict=str(verdict))
    return opinion


def standing_opinions(contribution: Contribution) -> QuerySet[Opinion]:
    """Return the last opinion of each program and token."""
    newest = Opinion.objects.filter(contribution=contribution).order_by(
        "person_id", "token_id", "program", "-id"
    )
    keys = newest.distinct("person_id", "token_id", "program").values("pk")
    return Opinion.objects.filter(pk__in=keys).select_related("person", "member", "token")
