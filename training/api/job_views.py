"""A job from manifest to end, as its node sees it (docs/design/001: "One job, seen from outside")."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from provenance.blobs import get_store
from provenance.errors import Conflict, NotPermitted
from training.api.base import NodeView
from training.api.job_serializers import (
    ClaimedSerializer,
    ClaimSerializer,
    FailureSerializer,
    HeartbeatAnswerSerializer,
    HeartbeatSerializer,
    HoldSerializer,
    JobSerializer,
    JobStateSerializer,
    PauseSerializer,
    RefuseSerializer,
    ResumeSerializer,
)
from training.api.serializers import EnvelopeSerializer
from training.api.streaming import stream_blob
from training.jobs.claims import claim_job, refuse_job
from training.jobs.endings import fail_job
from training.jobs.heartbeats import Wish, heartbeat
from training.jobs.holding import hold_job
from training.jobs.inputs import open_input
from training.jobs.pace import next_call
from training.jobs.pausing import pause_attempt, resume_job
from training.jobs.states import JobState

LARGE_BODY = 4 << 20  # bytes: a manifest that lists thousands of files comes back whole


def read_body(form: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the checked body; raises the framework's ValidationError, which names each field."""
    checked = form(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


class BytesRenderer(JSONRenderer):
    """Lets a client ask for bytes; those are streamed past the framework, so that only errors come here."""

    media_type = "application/octet-stream"
    format = "bin"


class JobDetail(NodeView):
    """Where a job stands."""

    @extend_schema(responses=JobSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:  # noqa: ARG002
        """Tell a node that was away: in every state of the job, and after its round too."""
        return Response(JobSerializer(self.job(job_id)).data)


class JobManifestView(NodeView):
    """The signed manifest of a job."""

    @extend_schema(responses=EnvelopeSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:  # noqa: ARG002
        """Hand the envelope out exactly as it was sealed; a cancelled job's inputs may be withdrawn."""
        job = self.job(job_id)
        if job.state == JobState.CANCELLED:
            raise Conflict("This job was cancelled; its manifest is void.", code="job-not-claimable")
        return Response(job.manifest)


class JobClaim(NodeView):
    """Taking a job."""

    max_body = LARGE_BODY

    @extend_schema(request=ClaimSerializer, responses=ClaimedSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Give the job to the caller, or answer 409 ``job-not-claimable``."""
        claim = claim_job(self.node, self.job(job_id), read_body(ClaimSerializer, request)["envelope"])
        return Response({"attempt": claim.attempt, "lease_seconds": claim.lease_seconds})


class JobRefuse(NodeView):
    """Declining a job."""

    @extend_schema(request=RefuseSerializer, responses=JobStateSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Note that the node's own policy says no."""
        return Response(
            JobStateSerializer(
                refuse_job(self.node, self.job(job_id), **read_body(RefuseSerializer, request))
            ).data
        )


class JobHold(NodeView):
    """Waiting with a job, and saying why."""

    @extend_schema(request=HoldSerializer, responses=JobStateSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Note why the node has not taken the job yet."""
        job = hold_job(self.node, self.job(job_id), **read_body(HoldSerializer, request))
        return Response(JobStateSerializer(job).data)


class JobPause(NodeView):
    """Stopping for a while."""

    @extend_schema(request=PauseSerializer, responses=JobStateSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Pause the job; what was trained stays on the node."""
        said = read_body(PauseSerializer, request)
        job = pause_attempt(self.node, self.job(job_id), said["attempt"], cause=said["reason"])
        return Response(JobStateSerializer(job).data)


class JobResume(NodeView):
    """Going on."""

    @extend_schema(request=ResumeSerializer, responses=JobStateSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Queue the paused job again, for the node's next claim."""
        read_body(ResumeSerializer, request)
        return Response(JobStateSerializer(resume_job(self.node.actor, self.job(job_id))).data)


class JobInputView(NodeView):
    """Bytes that the manifest names."""

    renderer_classes = [JSONRenderer, BytesRenderer]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, job_id: UUID, sha256: str) -> HttpResponseBase:
        """Stream a base or a file, whole or one range of bytes; 303 where the store itself may serve it."""
        grant = open_input(self.node, self.job(job_id), sha256)
        if isinstance(grant, NotPermitted):
            raise grant
        if grant.to_its_end and (address := get_store().address(grant.sha256)):
            return HttpResponse(status=303, headers={"Location": address})
        http = request._request  # noqa: SLF001 - the answer bypasses the framework's rendering
        watch = None if grant.to_its_end else grant.watch
        return stream_blob(http, sha256=grant.sha256, size=grant.bytes, watch=watch)


class JobHeartbeat(NodeView):
    """Signs of life."""

    @extend_schema(request=HeartbeatSerializer, responses=HeartbeatAnswerSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Renew the lease, say whether to stop, and when to call again."""
        beat = read_body(HeartbeatSerializer, request)
        wish = heartbeat(self.node, job_id, beat.pop("attempt"), **beat)
        stop = {"cancel": wish is Wish.CANCEL, "pause": wish is Wish.PAUSE}
        return Response({**stop, "next_in_seconds": next_call()})


class JobFailure(NodeView):
    """An attempt that failed."""

    @extend_schema(request=FailureSerializer, responses=JobStateSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Note the failure; with ``retry`` the job waits for its next attempt."""
        said = read_body(FailureSerializer, request)
        job = fail_job(self.node, self.job(job_id), said.pop("attempt"), **said)
        return Response(JobStateSerializer(job).data)
