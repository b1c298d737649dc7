"""What a job gives back: the signed word on an update, or an outcome. The bytes: transfer_views."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from training.api.base import NodeView
from training.api.job_views import read_body
from training.api.serializers import (
    ContributionReceiptSerializer,
    EvaluationReceiptSerializer,
    ReExecutionReceiptSerializer,
    SignedResultSerializer,
)
from training.contributions.evaluations import receive_evaluation
from training.contributions.re_executed import receive_re_execution
from training.contributions.receiving import receive_commitment


class JobContribution(NodeView):
    """The node's signed word on its weight update."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: ContributionReceiptSerializer, 201: ContributionReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep it; its bytes may follow. 201, or 200 when it is the same one again."""
        said = read_body(SignedResultSerializer, request)
        contribution, fresh = receive_commitment(
            self.node, self.job(job_id), said["attempt"], said["envelope"]
        )
        body = {"digest": contribution.digest, "state": contribution.state}
        return Response(body, status=201 if fresh else 200)


class JobEvaluation(NodeView):
    """The node's signed measurements."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: EvaluationReceiptSerializer, 201: EvaluationReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep them and end the job: 201, or 200 when they are the same again."""
        said = read_body(SignedResultSerializer, request)
        rows, fresh = receive_evaluation(self.node, self.job(job_id), said["attempt"], said["envelope"])
        return Response({"measurements": len(rows)}, status=201 if fresh else 200)


class JobReExecution(NodeView):
    """The node's signed word on what came out when it computed a contribution again."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: ReExecutionReceiptSerializer, 201: ReExecutionReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep it and end the job: 201, or 200 when it is the same again."""
        said = read_body(SignedResultSerializer, request)
        outcome, fresh = receive_re_execution(self.node, self.job(job_id), said["attempt"], said["envelope"])
        body = {"identical": outcome.identical, "distance": outcome.distance}
        return Response(body, status=201 if fresh else 200)
