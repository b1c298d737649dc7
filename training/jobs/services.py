"""The verbs of a job, in one place for pages, API and shell."""

from training.jobs.claims import Claim, claim_job, refuse_job
from training.jobs.dispatching import dispatch_job, waiting_jobs
from training.jobs.endings import cancel_job, fail_job
from training.jobs.heartbeats import Reading, Wish, heartbeat
from training.jobs.holding import HoldCode, hold_job
from training.jobs.inputs import Grant, open_input
from training.jobs.pausing import pause_attempt, pause_job, resume_job
from training.jobs.reaping import reap

__all__ = [
    "Claim",
    "Grant",
    "HoldCode",
    "Reading",
    "Wish",
    "cancel_job",
    "claim_job",
    "dispatch_job",
    "fail_job",
    "heartbeat",
    "hold_job",
    "open_input",
    "pause_attempt",
    "pause_job",
    "reap",
    "refuse_job",
    "resume_job",
    "waiting_jobs",
]
