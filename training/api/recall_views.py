"""Bytes that a replay asks back from their node: asked for, sent in parts, or told to be gone."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from training.api.base import NodeView
from training.api.job_views import read_body
from training.api.recall_serializers import RecallsSerializer, ReturnSerializer, UpdateGoneSerializer
from training.api.serializers import ContributionReceiptSerializer
from training.api.transfer_serializers import MissingSerializer
from training.api.transfer_views import PartView, TransferView, told_missing
from training.contributions.models import WeightsUpload
from training.contributions.uploading import missing_in
from training.retention.recalling import answer_gone, waiting_recalls
from training.retention.returning import close_return, find_return, open_return


class NodeRecalls(NodeView):
    """What the calling node is asked for."""

    @extend_schema(responses=RecallsSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - who calls is in the signature
        """List the updates whose bytes are not here any more and are needed, the oldest wish first."""
        return Response(RecallsSerializer({"recalls": waiting_recalls(self.node)}).data)


class RecallWeights(TransferView):
    """The way back of an update."""

    @extend_schema(request=ReturnSerializer, responses=MissingSerializer)
    def post(self, request: Request, digest: str) -> Response:
        """Open it, or resume it: the answer names the parts that are missing."""
        said = read_body(ReturnSerializer, request)
        missing = open_return(
            self.node, digest, sha256=said["sha256"], size=said["bytes"], part_bytes=said["part_bytes"]
        )
        return told_missing(missing)

    @extend_schema(responses=MissingSerializer)
    def get(self, request: Request, digest: str) -> Response:  # noqa: ARG002 - who calls is in the signature
        """Tell which parts are missing."""
        return told_missing(missing_in(find_return(self.node, digest)))


class RecallWeightsPart(PartView):
    """One part of an update on its way back."""

    def upload(self, request: Request, **named: Any) -> WeightsUpload:  # noqa: ARG002 - the path says all
        """Return the upload that was opened for this contribution."""
        return find_return(self.node, str(named["digest"]))


class RecallWeightsClose(TransferView):
    """The end of the way back."""

    @extend_schema(request=None, responses=ContributionReceiptSerializer)
    def post(self, request: Request, digest: str) -> Response:  # noqa: ARG002 - the path says all
        """Hash the whole; if it is what was committed to, the bytes are here again."""
        contribution = close_return(self.node, digest)
        return Response({"digest": contribution.digest, "state": contribution.state})


class RecallGone(NodeView):
    """Bytes that will not come."""

    @extend_schema(request=UpdateGoneSerializer, responses=ContributionReceiptSerializer)
    def post(self, request: Request, digest: str) -> Response:
        """Note that the node has them no more."""
        code = read_body(UpdateGoneSerializer, request)["code"]
        contribution = answer_gone(self.node, digest, code=code).contribution
        return Response({"digest": contribution.digest, "state": contribution.state})
