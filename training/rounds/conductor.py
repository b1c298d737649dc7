"""The round's conductor: an idempotent step function of the round's row.

Whatever died, the next call looks at the row and at what hangs on it, does the one thing that is due, and
says in ``waiting_code`` and ``waiting_for`` why it does no more. Nothing here remembers anything between two
calls (INV-8).
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from provenance.actors import COORDINATOR
from provenance.states import swap_state
from training.rounds import collecting, evaluating, planning, reviewing
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.rounds.record import record_round_event
from training.rounds.states import ENDED, TRANSITIONS, RoundState
from training.rounds.verdicts import Abandon, Go, Verdict, Wait
from training.rounds.waits import NOT_WAITING, tell_wait

Step = Callable[[Round], Verdict]

STEPS: Final[dict[str, Step]] = {
    RoundState.OPEN: planning.plan_jobs,
    RoundState.DISTRIBUTING: planning.send_jobs,
    RoundState.COLLECTING: collecting.collect,
    RoundState.EVALUATING: evaluating.measure_candidate,
    RoundState.REVIEWING: reviewing.review,
    RoundState.MERGING: reviewing.await_merge,
    RoundState.PROMOTING: evaluating.promote,
}


def advance(round_id: int) -> None:
    """Take the round as far as it goes now. Safe to call at any time, from anywhere, any number of times."""
    while _step(round_id):
        pass


@transaction.atomic
def _step(round_id: int) -> bool:
    """Do what is due in the round's state; tell whether it moved on and may have more to do."""
    # A locked row is in another conductor's hands: it will see whatever we came for.
    round_ = (
        Round.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("family", "base", "candidate", "result")
        .filter(pk=round_id)
        .exclude(state__in=ENDED)
        .first()
    )
    if round_ is None:
        return False
    verdict = STEPS[round_.state](round_)
    match verdict:
        case Go(to):
            _move(round_, to)
        case Abandon(code, cause, keeps_jobs):
            abandon_round(COORDINATOR, round_, cause, code=code, keeps_jobs=keeps_jobs)
        case Wait():
            tell_wait(round_, verdict)
    return isinstance(verdict, Go)


def _move(round_: Round, to: RoundState) -> None:
    changes: dict[str, Any] = dict(NOT_WAITING)
    if to in ENDED:
        changes["closed_at"] = timezone.now()
    swap_state(round_, to=to, table=TRANSITIONS, expected=(round_.state,), **changes)
    record_round_event(round_, f"round.{to}")
