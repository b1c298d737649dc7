"""A node and its standing: asking to take part, asking where it stands, asking for work."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.errors import Invalid
from training.api.base import NodeView
from training.api.job_serializers import WaitingJobsSerializer
from training.api.job_views import read_body
from training.api.serializers import (
    BuildReceiptSerializer,
    BuildSerializer,
    DescribeSerializer,
    EnrolSerializer,
    NodeSelfSerializer,
    RotationSerializer,
)
from training.jobs.dispatching import waiting_jobs
from training.jobs.pace import next_call
from training.nodes.authentication import KeyHolder, KnownNodeAuthentication, SelfSignedAuthentication
from training.nodes.builds import report_build
from training.nodes.enrolment import describe_node, request_enrolment
from training.nodes.rotation import rotate_key


class Enrol(NodeView):
    """Ask to take part. The request is signed with the very key that it names."""

    authentication_classes = [SelfSignedAuthentication]
    any_protocol = True

    @extend_schema(request=EnrolSerializer, responses={200: NodeSelfSerializer})
    def post(self, request: Request) -> Response:
        """Note the wish; asking again with the same key changes nothing."""
        wish = read_body(EnrolSerializer, request)
        if wish["did"] != cast("KeyHolder", request.user).did:
            raise Invalid(
                "The request was signed with another key.", code="did-mismatch", fields={"did": ["differs"]}
            )
        member_slug = wish.pop("member")
        return Response(NodeSelfSerializer(request_enrolment(member_slug=member_slug, **wish)).data)


class NodeSelf(NodeView):
    """The calling node, also while it may not work."""

    authentication_classes = [KnownNodeAuthentication]
    any_protocol = True

    @extend_schema(responses=NodeSelfSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - who calls is in the signature
        """Say what the coordinator knows of the caller."""
        return Response(NodeSelfSerializer(self.node).data)

    @extend_schema(request=DescribeSerializer, responses=NodeSelfSerializer)
    def post(self, request: Request) -> Response:
        """Keep what the machine has now."""
        said = read_body(DescribeSerializer, request)
        return Response(NodeSelfSerializer(describe_node(self.node, **said)).data)


class NodeKeys(NodeView):
    """The calling node's keys."""

    @extend_schema(request=RotationSerializer, responses=NodeSelfSerializer)
    def post(self, request: Request) -> Response:
        """Put the next key in force. The request is the present key's last."""
        node = rotate_key(self.node, read_body(RotationSerializer, request)["envelope"])
        return Response(NodeSelfSerializer(node).data)


class NodeBuilds(NodeView):
    """Sovereign builds, as far as their member tells."""

    @extend_schema(request=BuildSerializer, responses=BuildReceiptSerializer)
    def post(self, request: Request) -> Response:
        """Keep, or replace, what is said of one."""
        report = report_build(self.node, **read_body(BuildSerializer, request))
        return Response({"key": str(report.key)})


class NodeJobs(NodeView):
    """The calling node's waiting jobs; sovereign nodes poll this."""

    @extend_schema(responses=WaitingJobsSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - who calls is in the signature
        """List what waits, the oldest first."""
        waiting = {"jobs": waiting_jobs(self.node), "next_in_seconds": next_call()}
        return Response(WaitingJobsSerializer(waiting).data)
