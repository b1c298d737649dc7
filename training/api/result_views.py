"""What a job gives back: the signed word on an update, or measurements. Bytes go through transfer_views."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from training.api.base import NodeView
from training.api.job_views import read_body
from training.api.serializers import (
    ContributionReceiptSerializer,
    EvaluationReceiptSerializer,
    SignedResultSerializer,
)
from training.contributions.evaluations import receive_evaluation
from training.contributions.receiving import receive_commitment


class JobContribution(NodeView):
    """The node's signed word on its weight update."""

    @extend_schema(
        request=SignedResultSerializer,
        responses={200: ContributionReceiptSerializer, 201: ContributionReceiptSerializer},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        """Keep the commitment: 201, or 200 when it is the same again. The job goes on; its bytes follow."""
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
