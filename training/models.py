"""Only gathers the rooms' models for Django."""

from training.checkpoints.models import Checkpoint, Evaluation
from training.contributions.models import (
    Contribution,
    Decision,
    ReExecution,
    WeightsPart,
    WeightsUpload,
)
from training.families.models import ImportedModel, ModelFamily, Scorecard
from training.grants.models import DataGrant
from training.jobs.models import Job, JobInput, JobLogLine, JobMetric
from training.nodes.models import BuildReport, Node, NodeApproval, NodeKey
from training.rounds.models import Round, StragglerVote
from training.withdrawals.models import WithdrawalTask

__all__ = [
    "BuildReport",
    "Checkpoint",
    "Contribution",
    "DataGrant",
    "Decision",
    "Evaluation",
    "ImportedModel",
    "Job",
    "JobInput",
    "JobLogLine",
    "JobMetric",
    "ModelFamily",
    "Node",
    "NodeApproval",
    "NodeKey",
    "ReExecution",
    "Round",
    "Scorecard",
    "StragglerVote",
    "WeightsPart",
    "WeightsUpload",
    "WithdrawalTask",
]
