from celery import shared_task

from training.rounds.ranges.computing import compute_range
from training.rounds.ranges.forgetting import forget_unfinished
from training.rounds.ranges.looking import look


# Celery counts the header of a chord by results; nothing reads what they say.
@shared_task(  # type: ignore[untyped-decorator]
    name="training.rounds.ranges.tasks.compute_range_of", ignore_result=False
)
def compute_range_of(key: str, step: str, start: int) -> None:
    """Do one range of one pass of a large merge, unless that has happened or is happening."""
    compute_range(key, step, start)


@shared_task(name="training.rounds.ranges.tasks.look_at_merge")  # type: ignore[untyped-decorator]
def look_at_merge(key: str) -> None:
    """Take one large merge as far as it goes now."""
    look(key)


@shared_task(name="training.rounds.ranges.tasks.forget_unfinished_merges")  # type: ignore[untyped-decorator]
def forget_unfinished_merges() -> None:
    """Let go what nobody asks for any more; every hour."""
    forget_unfinished()
