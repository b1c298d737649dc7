from uuid import UUID

from celery import shared_task

from training.messages import send_after_commit
from training.rollbacks.deciding import REPLAY
from training.rollbacks.models import Rollback
from training.rollbacks.replaying import replay
from training.rollbacks.states import RollbackState


@shared_task(name="training.rollbacks.tasks.replay_rollback")  # type: ignore[untyped-decorator]
def replay_rollback(rollback_id: str) -> None:
    """Take one rollback as far as it goes now."""
    replay(UUID(rollback_id))


@shared_task(name="training.rollbacks.tasks.replay_open_rollbacks")  # type: ignore[untyped-decorator]
def replay_open_rollbacks() -> None:
    """Ask for a look at every rollback that is being computed, whatever was lost; every ten seconds."""
    running = Rollback.objects.filter(state=RollbackState.REPLAYING)
    for key in running.values_list("pk", flat=True):
        send_after_commit(REPLAY, str(key), expires=10)
