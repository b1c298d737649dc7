"""Only gathers the rooms' tasks for Celery."""

from training.contributions.tasks import admit_contribution, sweep_uploads
from training.jobs.tasks import reap_jobs
from training.rounds.tasks import (
    advance_open_rounds,
    advance_round,
    make_candidate_of,
    merge_round,
    open_rounds_that_are_due,
)

__all__ = [
    "admit_contribution",
    "advance_open_rounds",
    "advance_round",
    "make_candidate_of",
    "merge_round",
    "open_rounds_that_are_due",
    "reap_jobs",
    "sweep_uploads",
]
