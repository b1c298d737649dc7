"""Only gathers the rooms' tasks for Celery."""

from training.contributions.tasks import admit_contribution, sweep_uploads
from training.jobs.tasks import reap_jobs
from training.retention.tasks import sweep_contributions
from training.rollbacks.tasks import replay_open_rollbacks, replay_rollback
from training.rounds.tasks import (
    advance_open_rounds,
    advance_round,
    drop_trials_of_ended_rounds,
    make_candidate_of,
    merge_round,
    open_rounds_that_are_due,
)

__all__ = [
    "admit_contribution",
    "advance_open_rounds",
    "advance_round",
    "drop_trials_of_ended_rounds",
    "make_candidate_of",
    "merge_round",
    "open_rounds_that_are_due",
    "reap_jobs",
    "replay_open_rollbacks",
    "replay_rollback",
    "sweep_contributions",
    "sweep_uploads",
]
