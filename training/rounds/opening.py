"""How a round begins, and how people end it before its time."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.governance.reading import values_in_force
from catalog.governance.settings import SETTINGS
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, Invalid
from provenance.events.models import Outcome
from provenance.states import swap_state
from training.families.head import head_of
from training.families.models import ModelFamily
from training.jobs.endings import call_off_jobs
from training.jobs.teachers import teacher_for
from training.messages import advance_soon
from training.rollbacks.standing import refuse_while_replaying
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan
from training.rounds.record import record_round_event
from training.rounds.states import ENDED, TRANSITIONS, RoundState
from training.rounds.waits import NOT_WAITING, shortened
from training.voices import person_of, require_maintainer

MODES: Final = (Round.Mode.SYNCHRONOUS, Round.Mode.ASYNCHRONOUS)  # by the value of the rule `round.mode`
MOST_STALE: Final = SETTINGS["round.most_stale"].most
LONGEST_ROUND: Final = timedelta(days=29)  # a manifest lives for at most 30


@transaction.atomic
def open_round(
    actor: Actor,
    family: ModelFamily,
    plan: TrainingPlan,
    quorum: int | None = None,
    deadline: datetime | None = None,
    *,
    minimum_contributions: int = 1,
    mode: Round.Mode | None = None,
    most_stale: int | None = None,
) -> Round:
    """Open the next round of a family on its newest base; the conductor does the rest.

    The rules in force are written down with it and hold until it ends, whatever is voted for meanwhile; they
    say what is not given here. ``quorum`` may ask for more members than they do, not for fewer. ``deadline``
    ends the collecting. ``most_stale`` counts bases, and only in asynchronous rounds.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``deadline-out-of-range``, ``quorum-too-small``,
            ``too-few-contributions``, ``staleness-out-of-range``, ``teacher-unknown``,
            ``teacher-unsuitable``.
        Conflict: ``round-open``, when a round of the family has not ended; ``rollback-replaying``.
    """
    require_maintainer(actor)
    return begin_round(
        actor,
        family,
        plan,
        quorum=quorum,
        deadline=deadline,
        minimum_contributions=minimum_contributions,
        mode=mode,
        most_stale=most_stale,
    )


def begin_round(
    actor: Actor,
    family: ModelFamily,
    plan: TrainingPlan,
    *,
    quorum: int | None = None,
    deadline: datetime | None = None,
    minimum_contributions: int = 1,
    mode: Round.Mode | None = None,
    most_stale: int | None = None,
) -> Round:
    """Do what `open_round` says for a person, or for the coordinator where the members voted for a cadence.

    Must run inside a transaction. Raises as `open_round` does.
    """
    rules = values_in_force()
    quorum = rules["contribution.quorum"] if quorum is None else quorum
    mode = mode or MODES[rules["round.mode"]]
    deadline = deadline or timezone.now() + timedelta(hours=rules["round.hours"])
    _check_deadline(deadline)
    _check_figures(quorum, minimum_contributions, least=rules["contribution.quorum"])
    stale = _staleness(mode, rules["round.most_stale"] if most_stale is None else most_stale)
    teacher_for(family, plan)
    # The family's row serialises openings, so that the second of two gets words instead of a database error.
    ModelFamily.objects.select_for_update().get(pk=family.pk)
    _refuse_second(family)
    refuse_while_replaying(family)
    base = head_of(family)
    last = family.rounds.order_by("-number").first()
    round_ = Round.objects.create(
        family=family,
        number=last.number + 1 if last else 1,
        base=base,
        plan=plan.model_dump(mode="json"),
        rules=rules,
        mode=mode,
        most_stale=stale,
        quorum=quorum,
        minimum_contributions=minimum_contributions,
        opened_by=None if actor == COORDINATOR else person_of(actor),
        deadline=deadline,
    )
    details = {"quorum": quorum, "mode": str(mode), "mostStale": stale, "rules": rules}
    codes = ["cadence"] if actor == COORDINATOR else []
    record_round_event(
        round_, "round.opened", actor=actor, reason_codes=codes, parents=[base.digest], details=details
    )
    advance_soon(round_.pk)
    return round_


@transaction.atomic
def abandon_round(
    actor: Actor,
    round_: Round,
    cause: str,
    *,
    code: str = "abandoned-by-maintainer",
    keeps_jobs: bool = False,
) -> Round:
    """End a round before its time, in whatever phase, with its cause, and call its jobs off.

    A candidate stays a candidate; a base that was merged and only waits for its figures stays the newest one.
    With ``keeps_jobs`` what runs may count in the family's next window.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``cause-missing``. Conflict: ``state-changed``.
    """
    if actor != COORDINATOR:
        require_maintainer(actor)
    if not cause.strip():
        raise Invalid("Say why.", code="cause-missing", fields={"cause": ["is needed: it stays in the log"]})
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    words = shortened(cause.strip())
    ended = {**NOT_WAITING, "closed_at": timezone.now(), "waiting_for": words, "ballot_open": False}
    swap_state(round_, to=RoundState.ABANDONED, table=TRANSITIONS, **ended)
    if not keeps_jobs:
        call_off_jobs(round_, code="round-abandoned", cause=words)
    record_round_event(
        round_,
        "round.abandoned",
        actor=actor,
        outcome=Outcome.FAILED if actor == COORDINATOR else Outcome.DONE,
        reason_codes=[code],
        details={"cause": words},
    )
    return round_


def _refuse_second(family: ModelFamily) -> None:
    running = family.rounds.exclude(state__in=ENDED).first()
    if running is not None:
        raise Conflict(
            f"{running} is {running.state}.",
            code="round-open",
            remedy="Wait until it has ended, or abandon it.",
        )


def _check_deadline(deadline: datetime) -> None:
    now = timezone.now()
    if not now < deadline <= now + LONGEST_ROUND:
        raise Invalid(
            f"A deadline lies in the next {LONGEST_ROUND.days} days.",
            code="deadline-out-of-range",
            fields={"deadline": [f"lies in the next {LONGEST_ROUND.days} days"]},
        )


def _check_figures(quorum: int, minimum_contributions: int, *, least: int) -> None:
    if quorum < least:
        message = f"The members voted for a quorum of {least}; a round may ask for more, not for fewer."
        raise Invalid(message, code="quorum-too-small", requirement="INV-7", fields={"quorum": [message]})
    if minimum_contributions < 1:
        raise Invalid("At least one contribution is needed.", code="too-few-contributions")


def _staleness(mode: Round.Mode, most_stale: int) -> int:
    if not 0 <= most_stale <= MOST_STALE:
        message = f"An update may start from a base that is 0 to {MOST_STALE} bases old."
        raise Invalid(message, code="staleness-out-of-range", fields={"most_stale": [message]})
    return most_stale if mode == Round.Mode.ASYNCHRONOUS else 0
