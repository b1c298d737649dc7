"""The training floor's part of ``/api/v1/``."""

from django.urls import path, register_converter

from training.api import (
    derivative_views,
    grant_views,
    job_views,
    node_views,
    opinion_views,
    origin_views,
    public_views,
    recall_views,
    result_views,
    rollback_views,
    schema,
    transfer_views,
    withdrawal_views,
)


class Sha256Converter:
    """64 lower-case hex digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(Sha256Converter, "sha256")

__all__ = ["schema", "urlpatterns"]  # the first only has to be imported

JOB = "jobs/<uuid:job_id>/"
RECALL = "node/recalls/<sha256:digest>/"
urlpatterns = [
    path("nodes/enrol", node_views.Enrol.as_view(), name="api-node-enrol"),
    path("node/self", node_views.NodeSelf.as_view(), name="api-node-self"),
    path("node/jobs", node_views.NodeJobs.as_view(), name="api-node-jobs"),
    path("node/key", node_views.NodeKeys.as_view(), name="api-node-key"),
    path("node/builds", node_views.NodeBuilds.as_view(), name="api-node-builds"),
    path("node/recalls", recall_views.NodeRecalls.as_view(), name="api-node-recalls"),
    path(f"{RECALL}gone", recall_views.RecallGone.as_view(), name="api-node-recall-gone"),
    path(f"{RECALL}weights/", recall_views.RecallWeights.as_view(), name="api-node-recall-weights"),
    path(
        f"{RECALL}weights/<int:number>",
        recall_views.RecallWeightsPart.as_view(),
        name="api-node-recall-weights-part",
    ),
    path(
        f"{RECALL}weights/close",
        recall_views.RecallWeightsClose.as_view(),
        name="api-node-recall-weights-close",
    ),
    path(JOB, job_views.JobDetail.as_view(), name="api-job"),
    path(f"{JOB}manifest", job_views.JobManifestView.as_view(), name="api-job-manifest"),
    path(f"{JOB}claim", job_views.JobClaim.as_view(), name="api-job-claim"),
    path(f"{JOB}refuse", job_views.JobRefuse.as_view(), name="api-job-refuse"),
    path(f"{JOB}hold", job_views.JobHold.as_view(), name="api-job-hold"),
    path(f"{JOB}pause", job_views.JobPause.as_view(), name="api-job-pause"),
    path(f"{JOB}resume", job_views.JobResume.as_view(), name="api-job-resume"),
    path(f"{JOB}inputs/<sha256:sha256>", job_views.JobInputView.as_view(), name="api-job-input"),
    path(f"{JOB}heartbeat", job_views.JobHeartbeat.as_view(), name="api-job-heartbeat"),
    path(f"{JOB}failure", job_views.JobFailure.as_view(), name="api-job-failure"),
    path(f"{JOB}weights/", transfer_views.JobWeights.as_view(), name="api-job-weights"),
    path(f"{JOB}weights/<int:number>", transfer_views.JobWeightsPart.as_view(), name="api-job-weights-part"),
    path(f"{JOB}weights/close", transfer_views.JobWeightsClose.as_view(), name="api-job-weights-close"),
    path(f"{JOB}contribution", result_views.JobContribution.as_view(), name="api-job-contribution"),
    path(f"{JOB}re-execution", result_views.JobReExecution.as_view(), name="api-job-re-execution"),
    path(f"{JOB}evaluation", result_views.JobEvaluation.as_view(), name="api-job-evaluation"),
    path("data/grants/", grant_views.Grants.as_view(), name="api-grants"),
    path("data/grants/<uuid:key>/", grant_views.GrantView.as_view(), name="api-grant"),
    path(
        "data/grants/<uuid:key>/files/<path:path>", grant_views.GrantFileView.as_view(), name="api-grant-file"
    ),
    path(
        "datasets/<slug:slug>/withdrawal/",
        withdrawal_views.WithdrawalView.as_view(),
        name="api-dataset-withdrawal",
    ),
    path(
        "contributions/<sha256:digest>/opinions",
        opinion_views.ContributionOpinions.as_view(),
        name="api-contribution-opinions",
    ),
    path("derivatives/", derivative_views.DerivativesView.as_view(), name="api-derivatives"),
    path("derivatives/<slug:slug>/", derivative_views.DerivativeView.as_view(), name="api-derivative"),
    path("rollbacks/", rollback_views.RollbacksView.as_view(), name="api-rollbacks"),
    path("rollbacks/<uuid:key>/", rollback_views.RollbackView.as_view(), name="api-rollback"),
    path("rounds/<int:pk>/", public_views.RoundDetail.as_view(), name="api-round"),
    path("checkpoints/<sha256:digest>/", public_views.CheckpointDetail.as_view(), name="api-checkpoint"),
    path("checkpoints/<sha256:digest>/weights", public_views.CheckpointWeights.as_view(), name="api-weights"),
    path(
        "checkpoints/<sha256:digest>/tokenizer",
        public_views.CheckpointTokenizer.as_view(),
        name="api-checkpoint-tokenizer",
    ),
    path(
        "checkpoints/<sha256:digest>/origin",
        origin_views.CheckpointOrigin.as_view(),
        name="api-checkpoint-origin",
    ),
    path(
        "checkpoints/<sha256:digest>/server-state",
        origin_views.CheckpointServerState.as_view(),
        name="api-checkpoint-server-state",
    ),
    path(
        "contributions/<sha256:digest>/weights",
        origin_views.ContributionWeights.as_view(),
        name="api-contribution-weights",
    ),
]
