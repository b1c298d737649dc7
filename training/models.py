"""Only gathers the rooms' models for Django."""

from training.checkpoints.models import Checkpoint, Evaluation, Probe
from training.contributions.models import (
    Contribution,
    Decision,
    ReExecution,
    WeightsPart,
    WeightsUpload,
)
from training.contributions.review_models import (
    ContributionAppeal,
    ContributionAppealVoice,
    ContributionRequest,
    Opinion,
)
from training.derivatives.models import Derivative
from training.families.models import ImportedModel, ModelFamily, ModelSeries, Scorecard
from training.grants.models import DataGrant
from training.jobs.models import Job, JobInput, JobLogLine, JobMetric
from training.nodes.models import BuildReport, Node, NodeApproval, NodeKey
from training.retention.models import Recall, RetentionWish
from training.rollbacks.models import Descendant, Rollback, RollbackStep, RollbackVoice
from training.rounds.merge_models import Coefficient, LeaveOneOut
from training.rounds.models import Round, StragglerVote
from training.rounds.ranges.models import MergeRange, RangedMerge
from training.withdrawals.models import WithdrawalTask

__all__ = [
    "BuildReport",
    "Checkpoint",
    "Coefficient",
    "Contribution",
    "ContributionAppeal",
    "ContributionAppealVoice",
    "ContributionRequest",
    "DataGrant",
    "Decision",
    "Derivative",
    "Descendant",
    "Evaluation",
    "ImportedModel",
    "Job",
    "JobInput",
    "JobLogLine",
    "JobMetric",
    "LeaveOneOut",
    "MergeRange",
    "ModelFamily",
    "ModelSeries",
    "Node",
    "NodeApproval",
    "NodeKey",
    "Opinion",
    "Probe",
    "RangedMerge",
    "ReExecution",
    "Recall",
    "RetentionWish",
    "Rollback",
    "RollbackStep",
    "RollbackVoice",
    "Round",
    "Scorecard",
    "StragglerVote",
    "WeightsPart",
    "WeightsUpload",
    "WithdrawalTask",
]
