"""A node and its standing: asking to take part, asking where it stands, asking for work."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.errors import Invalid
from training.api.base import NodeView
from training.api.serializers import EnrolSerializer, NodeSelfSerializer, WaitingJobsSerializer
from training.jobs.dispatching import waiting_jobs
from training.nodes.authentication import KeyHolder, KnownNodeAuthentication, SelfSignedAuthentication
from training.nodes.services import request_enrolment


class Enrol(NodeView):
    """Ask to take part. The request is signed with the very key that it names."""

    authentication_classes = [SelfSignedAuthentication]

    @extend_schema(request=EnrolSerializer, responses={200: NodeSelfSerializer})
    def post(self, request: Request) -> Response:
        """Note the wish; asking again with the same key changes nothing."""
        form = EnrolSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wish = form.validated_data
        if wish["did"] != cast("KeyHolder", request.user).did:
            raise Invalid(
                "The request was signed with another key.", code="did-mismatch", fields={"did": ["differs"]}
            )
        member_slug = wish.pop("member")
        return Response(NodeSelfSerializer(request_enrolment(member_slug=member_slug, **wish)).data)


class NodeSelf(NodeView):
    """The calling node, also while it may not work."""

    authentication_classes = [KnownNodeAuthentication]

    @extend_schema(responses=NodeSelfSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - who calls is in the signature
        """Say what the coordinator knows of the caller."""
        return Response(NodeSelfSerializer(self.node).data)


class NodeJobs(NodeView):
    """The calling node's waiting jobs; sovereign nodes poll this."""

    @extend_schema(responses=WaitingJobsSerializer)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - who calls is in the signature
        """List what may be claimed, the oldest first."""
        return Response(WaitingJobsSerializer({"jobs": waiting_jobs(self.node)}).data)
