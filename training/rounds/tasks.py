from celery import shared_task

from training.messages import send_after_commit
from training.rounds.cadence import open_due_rounds
from training.rounds.candidates import make_candidate
from training.rounds.conductor import advance
from training.rounds.letting_go import drop_trials
from training.rounds.merging import merge
from training.rounds.models import Round
from training.rounds.states import ENDED


@shared_task(name="training.rounds.tasks.advance_open_rounds")  # type: ignore[untyped-decorator]
def advance_open_rounds() -> None:
    """Ask for a look at every round that has not ended; every three seconds, whatever messages were lost."""
    for round_id in Round.objects.exclude(state__in=ENDED).values_list("pk", flat=True):
        send_after_commit("training.rounds.tasks.advance_round", round_id, expires=6)


@shared_task(name="training.rounds.tasks.advance_round")  # type: ignore[untyped-decorator]
def advance_round(round_id: int) -> None:
    """Take one round as far as it goes now."""
    advance(round_id)


@shared_task(name="training.rounds.tasks.make_candidate_of")  # type: ignore[untyped-decorator]
def make_candidate_of(round_id: int) -> None:
    """Merge all that is admissible in a round for a trial, unless that has happened or is happening."""
    make_candidate(round_id)


@shared_task(name="training.rounds.tasks.merge_round")  # type: ignore[untyped-decorator]
def merge_round(round_id: int) -> None:
    """Make a round's next base, unless that has happened or is happening."""
    merge(round_id)


@shared_task(name="training.rounds.tasks.open_rounds_that_are_due")  # type: ignore[untyped-decorator]
def open_rounds_that_are_due() -> None:
    """Open the rounds that the members' cadence asks for; every minute."""
    open_due_rounds()


@shared_task(name="training.rounds.tasks.drop_trials_of_ended_rounds", acks_late=True)  # type: ignore[untyped-decorator]
def drop_trials_of_ended_rounds() -> None:
    """Let the bytes of trial merges go that came to nothing; every ten minutes."""
    drop_trials()
