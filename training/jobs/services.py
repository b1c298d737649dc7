"""The verbs of a job, in one place for pages, API and shell."""

from training.jobs.claims import Claim, claim_job, refuse_job
from training.jobs.dispatching import dispatch_job, waiting_jobs
from training.jobs.endings import cancel_job, fail_job
from training.jobs.heartbeats import Reading, heartbeat
from training.jobs.inputs import Grant, open_input
from training.jobs.reaping import reap

__all__ = [
    "Claim",
    "Grant",
    "Reading",
    "cancel_job",
    "claim_job",
    "dispatch_job",
    "fail_job",
    "heartbeat",
    "open_input",
    "reap",
    "refuse_job",
    "waiting_jobs",
]
