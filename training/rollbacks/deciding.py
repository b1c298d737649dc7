"""What the vote sets going: work on the old base ends, what descends from it is kept, steps are made."""

from django.db import transaction
from django.utils import timezone

from provenance.actors import COORDINATOR, Actor
from provenance.states import swap_state
from training.families.models import ModelFamily
from training.jobs.endings import end_job
from training.jobs.models import Job
from training.jobs.states import CONTRIBUTES, JobState
from training.jobs.states import ENDED as JOB_ENDED
from training.messages import send_after_commit
from training.rollbacks.descending import descendants_of, open_rounds
from training.rollbacks.models import Descendant, Rollback, RollbackStep
from training.rollbacks.record import record_rollback_event
from training.rollbacks.removal import removal_of
from training.rollbacks.states import TRANSITIONS, RollbackState
from training.rounds.models import Round
from training.rounds.opening import abandon_round
from training.voices import require_maintainer

REPLAY = "training.rollbacks.tasks.replay_rollback"
CODE = "rolled-back"


def begin_replay(rollback: Rollback) -> None:
    """Carry the vote out as far as it needs no computing. The caller has locked the rollback.

    The plan is that of the newest base of this moment: a round may have ended since the proposal.

    Raises:
        Conflict: ``not-in-base``, when nothing of it is in the newest base any more.
    """
    # Rounds before the family, as a merge locks them; one that opens in between has no merge yet.
    ended = _end_work(rollback)
    ModelFamily.objects.select_for_update().get(pk=rollback.family_id)
    ended += _end_work(rollback)
    removal = removal_of(rollback)
    descendants = descendants_of(removal, ended)
    known = set(rollback.descendants.values_list("subject", flat=True))
    for each in descendants:
        each.rollback = rollback
    Descendant.objects.bulk_create([each for each in descendants if each.subject not in known])
    rollback.steps.all().delete()  # of a try that failed: its bases are found again by their digests
    RollbackStep.objects.bulk_create(
        [
            RollbackStep(rollback=rollback, number=number, replaces=turn.link.base)
            for number, turn in enumerate(removal.turns, 1)
        ]
    )
    swap_state(rollback, to=RollbackState.REPLAYING, table=TRANSITIONS, head=removal.head, cause="")
    record_rollback_event(
        rollback,
        "rollback.replaying",
        parents=[removal.head.digest, *(each.digest for each in (*removal.named, *removal.dropped))],
        details={"steps": len(removal.turns), "descendants": len(descendants), "from": removal.start.digest},
    )
    send_after_commit(REPLAY, str(rollback.pk))


def refuse_rollback(rollback: Rollback) -> None:
    """End it as the members said. The caller has locked it."""
    swap_state(rollback, to=RollbackState.REFUSED, table=TRANSITIONS, ended_at=timezone.now())
    record_rollback_event(rollback, "rollback.refused")


@transaction.atomic
def try_again(actor: Actor, rollback: Rollback) -> Rollback:
    """Let a replay that failed begin anew, from the newest base of now: the vote stands.

    Raises:
        NotPermitted: ``not-a-maintainer``. Conflict: ``state-changed``, ``not-in-base``.
    """
    require_maintainer(actor)
    rollback = Rollback.objects.select_for_update(of=("self",)).select_related("family").get(pk=rollback.pk)
    record_rollback_event(rollback, "rollback.tried-again", actor=actor)
    begin_replay(rollback)
    return rollback


def _end_work(rollback: Rollback) -> list[Round]:
    """Abandon what runs from the base that is replaced, and call off what older windows wait for."""
    words = f"The members decided on a {rollback}: it starts from a base that is replaced."
    running = open_rounds(rollback.family)
    for round_ in running:
        abandon_round(COORDINATOR, round_, words, code=CODE)
    open_jobs = Job.objects.filter(round__family=rollback.family_id, kind__in=CONTRIBUTES)
    for job in open_jobs.exclude(state__in=JOB_ENDED).select_for_update(of=("self",)).order_by("pk"):
        end_job(job, JobState.CANCELLED, code=CODE, reason=words)
    return running
