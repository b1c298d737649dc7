"""What all views for nodes share: who calls, and how errors look."""

from typing import Any, ClassVar, cast
from uuid import UUID

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from provenance.errors import NotFound
from training.api.parsing import NodeJson
from training.jobs.models import Job
from training.nodes.authentication import (
    MAX_BODY,
    NodeCaller,
    NodeSignatureAuthentication,
    SignatureRefused,
)
from training.nodes.models import Node
from training.nodes.programs import refuse_old_protocol


class NodeView(APIView):
    """A view for signed requests. ``max_body`` bounds a JSON body in bytes; streams bound themselves."""

    authentication_classes = [NodeSignatureAuthentication]
    permission_classes = [IsAuthenticated]
    parser_classes = [NodeJson]
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "node"
    max_body: ClassVar[int] = MAX_BODY
    streams_body: ClassVar[bool] = False
    any_protocol: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Turn away whom we would misread, after we know who it is: so its page can say so."""
        super().initial(request, *args, **kwargs)
        if not self.any_protocol:
            refuse_old_protocol(request)

    @property
    def node(self) -> Node:
        """The node that signed this request."""
        return cast("NodeCaller", self.request.user).node

    def job(self, job_id: UUID) -> Job:
        """Return the caller's job.

        Raises:
            NotFound: there is none, or it is another node's; both look alike (INV-6).
        """
        job = Job.objects.select_related(
            "round__family", "round__base", "node__member", "contribution"
        ).filter(pk=job_id, node=self.node)
        found = job.first()
        if found is None:
            raise NotFound("There is no such job for this node.", code="job-not-found")
        return found

    def handle_exception(self, exc: Exception) -> Response:
        """Give a refused signature its own code, by which a node's operator finds the cause.

        What a service's refusal has to tell beyond its text (`NotYet`) goes into the answer as well.
        """
        response = super().handle_exception(exc)
        if isinstance(response.data, dict):
            response.data |= getattr(exc, "extensions", {})
            if isinstance(exc, SignatureRefused):
                response.data["code"] = exc.code
        for name, value in getattr(exc, "headers", {}).items():
            response[name] = value
        return response
