"""`/api/v1/proposals/<id>/files/`: what the draft lists. Bytes come by tus, at the draft's `uploads/`."""

import uuid

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.conditions import entity_tag, held_still
from catalog.api.proposals.finding import READING, WRITING, ProposalView, problems, read_body
from catalog.api.proposals.requests import PointersSerializer
from catalog.api.proposals.serializers import ListedFileSerializer
from catalog.interchange.disclosure import is_withheld
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_pointers, detach_file
from provenance.actors import Actor


class FilesView(ProposalView):
    """The list of files."""

    @extend_schema(
        operation_id="proposals_files",
        responses={200: ListedFileSerializer(many=True), **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The files in the order in which they were attached."""
        actor, proposal = self.find(request, key)
        return _listed(actor, proposal)

    @extend_schema(
        operation_id="proposals_files_attach",
        request=PointersSerializer,
        responses={201: ListedFileSerializer(many=True), **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Attach pointers to a local-only draft. Bytes of open and train-only files come by tus instead."""
        actor, proposal = self.find(request, key)
        manifest = read_body(request, PointersSerializer)["files"]
        with held_still(request, actor, proposal, required=False) as draft:
            attached = attach_pointers(actor=actor, proposal=draft, manifest=manifest)
        return _listed(actor, attached, status=201)


class OneFileView(ProposalView):
    """One file of the list."""

    @extend_schema(
        operation_id="proposals_files_detach",
        parameters=[OpenApiParameter("path", str, "path", description="the file's path inside the entry")],
        responses={204: None, **problems(*WRITING)},
    )
    def delete(self, request: Request, key: uuid.UUID, path: str) -> Response:
        """Take one file off the draft."""
        actor, proposal = self.find(request, key)
        with held_still(request, actor, proposal, required=False) as draft:
            left = detach_file(actor=actor, proposal=draft, path=path)
        return Response(status=204, headers={"ETag": entity_tag(actor, left)})


def _listed(actor: Actor, proposal: Proposal, status: int = 200) -> Response:
    files = [] if is_withheld(actor, proposal) else proposal.files
    headers = {"ETag": entity_tag(actor, proposal)}
    return Response(ListedFileSerializer(files, many=True).data, status=status, headers=headers)
