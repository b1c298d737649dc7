"""How a round begins, and how people end it before its time."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from catalog.governance.reading import values_in_force
from provenance.actors import COORDINATOR, Actor
from provenance.errors import Conflict, Invalid
from provenance.events.models import Outcome
from provenance.states import swap_state
from training.families.models import ModelFamily
from training.jobs.endings import call_off_jobs
from training.messages import advance_soon
from training.rounds.models import Round
from training.rounds.plan import TrainingPlan
from training.rounds.record import record_round_event
from training.rounds.states import ENDED, TRANSITIONS, RoundState
from training.voices import person_of, require_maintainer

MAX_WORDS: Final = 300
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
) -> Round:
    """Open the next round of a family on its newest base; the conductor does the rest.

    The rules in force are written down with it and hold until it ends, whatever is voted for meanwhile.
    ``quorum`` may ask for more members than they do, not for fewer. ``deadline`` ends the collecting: who has
    not contributed by then is left out, with a recorded cause.
    Without one, nodes have three times the plan's limit of seconds.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``deadline-out-of-range``, ``quorum-too-small``,
            ``too-few-contributions``.
        Conflict: ``round-open``, when a round of the family has not ended.
    """
    require_maintainer(actor)
    deadline = deadline or timezone.now() + 3 * timedelta(seconds=plan.limits.seconds)
    rules = values_in_force()
    quorum = rules["contribution.quorum"] if quorum is None else quorum
    _check_deadline(deadline)
    _check_figures(quorum, minimum_contributions, least=rules["contribution.quorum"])
    # The family's row serialises openings, so that the second of two gets words instead of a database error.
    ModelFamily.objects.select_for_update().get(pk=family.pk)
    _refuse_second(family)
    base = family.checkpoints.latest("number")
    last = family.rounds.order_by("-number").first()
    round_ = Round.objects.create(
        family=family,
        number=last.number + 1 if last else 1,
        base=base,
        plan=plan.model_dump(mode="json"),
        rules=rules,
        quorum=quorum,
        minimum_contributions=minimum_contributions,
        opened_by=person_of(actor),
        deadline=deadline,
    )
    details = {"quorum": quorum, "rules": rules}
    record_round_event(round_, "round.opened", actor=actor, parents=[base.digest], details=details)
    advance_soon(round_.pk)
    return round_


@transaction.atomic
def abandon_round(actor: Actor, round_: Round, cause: str, *, code: str = "abandoned-by-maintainer") -> Round:
    """End a round without a next base, with its cause, and call its jobs off.

    Raises:
        NotPermitted: ``not-a-maintainer``. Invalid: ``cause-missing``. Conflict: ``state-changed``.
    """
    if actor != COORDINATOR:
        require_maintainer(actor)
    if not cause.strip():
        raise Invalid("Say why.", code="cause-missing", fields={"cause": ["is needed: it stays in the log"]})
    round_ = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    words = cause.strip()[:MAX_WORDS]
    swap_state(
        round_, to=RoundState.ABANDONED, table=TRANSITIONS, closed_at=timezone.now(), waiting_for=words
    )
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
