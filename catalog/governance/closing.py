"""Deciding motions: at each ballot, and by the clock."""

import logging
import uuid
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone

from catalog.governance.counting import Tally, tally_of
from catalog.governance.effects import bring_about
from catalog.governance.models import Motion
from catalog.governance.states import MOTION_MOVES, MotionState
from catalog.governance.trail import FORGOTTEN, leave_trail
from provenance.actors import COORDINATOR, Actor
from provenance.errors import DomainError
from provenance.states import swap_state

_log = logging.getLogger(__name__)


def decide(motion: Motion, *, at: datetime) -> MotionState | None:
    """Decide a motion if its ballots, or its time, do; what was carried happens at once.

    ``motion`` is open, and its row locked by the caller's transaction, so that two last ballots are counted
    one after the other. Returns the state it came to; None while it stays open.
    """
    tally = tally_of(motion.pk)
    outcome = tally.outcome(over=at >= motion.closes_at)
    if outcome is not None:
        end(COORDINATOR, motion, outcome, tally=tally)
    return outcome


def end(actor: Actor, motion: Motion, to: MotionState, *, tally: Tally) -> None:
    """Move a motion to where it ends, bring about what was carried, and forget whose address stood in it."""
    swap_state(motion, to=to, table=MOTION_MOVES, decided_at=timezone.now())
    figures = {"yes": tally.yes, "no": tally.no, "abstain": tally.abstain, "voices": tally.voices}
    leave_trail(actor, motion, f"motion.{to}", **figures)
    if to is MotionState.CARRIED:
        bring_about(motion)
    if FORGOTTEN & motion.change.keys():
        motion.change = {name: value for name, value in motion.change.items() if name not in FORGOTTEN}
        motion.save(update_fields=["change"])


def close_due(*, at: datetime | None = None) -> int:
    """Decide every open motion that can be decided, each in a transaction of its own; say how many.

    A motion can be due without a ballot: its time is over, or a member lost its last maintainer. One that
    can not be brought about stays open and is reported; the others go on.
    """
    moment = at or timezone.now()
    keys = list(
        Motion.objects.filter(state=MotionState.OPEN).order_by("opened_at").values_list("pk", flat=True)
    )
    return sum(_close(key, moment) for key in keys)


def _close(key: uuid.UUID, moment: datetime) -> bool:
    try:
        with transaction.atomic():
            motion = Motion.objects.select_for_update().filter(pk=key, state=MotionState.OPEN).first()
            return motion is not None and decide(motion, at=moment) is not None
    except (DomainError, ObjectDoesNotExist):
        _log.exception("motion %s was carried and can not be brought about", key)
        return False
