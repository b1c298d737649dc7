"""Only gathers the rooms' tasks for Celery."""

from training.contributions.tasks import admit_contribution
from training.jobs.tasks import reap_jobs
from training.rounds.tasks import advance_open_rounds, advance_round, merge_round

__all__ = ["admit_contribution", "advance_open_rounds", "advance_round", "merge_round", "reap_jobs"]
