"""Only gathers the rooms' models for Django."""

from training.checkpoints.models import Checkpoint, Evaluation
from training.contributions.models import Contribution, Decision
from training.families.models import ModelFamily
from training.grants.models import DataGrant
from training.jobs.models import Job, JobInput, JobLogLine, JobMetric
from training.nodes.models import Node, NodeApproval
from training.rounds.models import Round
from training.withdrawals.models import WithdrawalTask

__all__ = [
    "Checkpoint",
    "Contribution",
    "DataGrant",
    "Decision",
    "Evaluation",
    "Job",
    "JobInput",
    "JobLogLine",
    "JobMetric",
    "ModelFamily",
    "Node",
    "NodeApproval",
    "Round",
    "WithdrawalTask",
]
