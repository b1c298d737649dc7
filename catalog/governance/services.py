"""Moving, voting, taking back: how the consortium changes its own rules, and nobody else does (INV-7)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from catalog.governance.changes import read_change
from catalog.governance.closing import decide, end
from catalog.governance.counting import tally_of
from catalog.governance.models import Ballot, Choice, Motion, MotionKind
from catalog.governance.reading import rule
from catalog.governance.refusing import logs_refusals
from catalog.governance.states import MotionState
from catalog.governance.trail import leave_trail, public_change
from catalog.governance.voices import LEAST_VOICES, members_with_a_voice, voice_of
from catalog.members.founding import ensure_founded
from catalog.members.models import Member
from provenance.actors import Actor
from provenance.errors import Conflict, Invalid, NotFound
from provenance.text import plain_text

LONGEST_TEXT: Final = 4000  # characters, as the columns hold them


@logs_refusals("move")
def move(
    *, actor: Actor, kind: MotionKind, change: Mapping[str, Any], reason: str, member: Member | None = None
) -> Motion:
    """Open a motion for a member. Nobody's yes is implied: the mover votes like everybody else.

    The first motion ends the founding, so that no operator can prolong it.

    Raises:
        NotPermitted: ``not-a-maintainer``; the attempt stays in the log.
        Invalid: ``member-ambiguous``, ``reason-missing``, ``text-malformed``, and those of ``read_change``.
        Conflict: ``too-few-members``, ``nothing-changes``, ``motion-open``.
    """
    voice = voice_of(actor, member)
    reason = plain_text(reason, field="reason", longest=LONGEST_TEXT)
    if not reason:
        message = "Say why: the other members decide by it."
        raise Invalid(message, code="reason-missing", fields={"reason": [message]})
    if members_with_a_voice().count() < LEAST_VOICES:
        raise Conflict(
            "Two members must have a maintainer before anything is voted on.", code="too-few-members"
        )
    ensure_founded(actor=actor)
    about, kept = read_change(kind, change)
    motion = _open(
        kind=kind,
        about=about,
        change=kept,
        reason=reason,
        member=voice,
        moved_by_id=actor.key,
        closes_at=timezone.now() + timedelta(days=rule("motion.days")),
    )
    leave_trail(
        actor,
        motion,
        "motion.opened",
        member=voice.slug,
        change=public_change(motion),
        closes=motion.closes_at.isoformat(),
    )
    return motion


@logs_refusals("vote")
def vote(
    *, actor: Actor, motion: Motion, choice: Choice, note: str = "", member: Member | None = None
) -> Ballot:
    """Cast a member's ballot; what then suffices, or can not be reached any more, is decided at once.

    Raises:
        NotFound: code ``motion-not-found``.
        NotPermitted: ``not-a-maintainer``; the attempt stays in the log.
        Invalid: ``member-ambiguous``, ``text-malformed``.
        Conflict: ``motion-not-open``; ``already-voted``, by this member or this person.
    """
    voice = voice_of(actor, member)
    note = plain_text(note, field="note", longest=LONGEST_TEXT)
    found, now = _locked(motion), timezone.now()
    if found.closes_at <= now:
        raise Conflict("The time for this vote is over.", code="motion-not-open")
    if found.ballots.filter(Q(member=voice) | Q(voter=actor.key)).exists():
        raise Conflict(f"{voice}, or you for another member, voted on this already.", code="already-voted")
    ballot = Ballot.objects.create(
        motion=found, member=voice, voter_id=actor.key, choice=Choice(choice), note=note
    )
    leave_trail(actor, found, "motion.voted", member=voice.slug, choice=str(ballot.choice))
    decide(found, at=now)
    return ballot


@logs_refusals("withdraw")
def withdraw_motion(*, actor: Actor, motion: Motion) -> Motion:
    """Take an open motion back; any maintainer of the member that moved it can.

    Raises:
        NotFound: code ``motion-not-found``.
        NotPermitted: ``not-a-maintainer``; the attempt stays in the log.
        Conflict: ``motion-not-open``.
    """
    found = _locked(motion)
    voice_of(actor, found.member)
    end(actor, found, MotionState.WITHDRAWN, tally=tally_of(found.pk))
    return found


def _open(**fields: Any) -> Motion:
    """Write the motion; of two about the same thing at once, the database lets one through."""
    try:
        with transaction.atomic():
            return Motion.objects.create(**fields)
    except IntegrityError as refused:
        if "one_open_motion_about" not in str(refused):
            raise
    raise Conflict(
        "The members vote on this already.",
        code="motion-open",
        remedy="Vote on the open motion, or wait until it has ended.",
    )


def _locked(motion: Motion) -> Motion:
    """Return the motion, open, and its row locked for the rest of the transaction."""
    found = (
        Motion.objects.select_for_update(of=("self",)).select_related("member").filter(pk=motion.pk).first()
    )
    if found is None:
        raise NotFound("There is no such motion.", code="motion-not-found")
    if found.state != MotionState.OPEN:
        raise Conflict(f"This motion is {found.get_state_display()}.", code="motion-not-open")
    return found
