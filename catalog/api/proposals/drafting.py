"""`/api/v1/proposals/<id>/`: reading one, and saving its record without writing over anybody's."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.conditions import entity_tag, held_still, is_known, require_condition
from catalog.api.proposals.finding import READING, WRITING, ProposalView, problems, read_body
from catalog.api.proposals.parsing import MergePatch, PlainJSON, merge_patch
from catalog.api.proposals.requests import RecordSerializer
from catalog.api.proposals.serializers import FindingsSerializer, ProposalSerializer
from catalog.lifecycle.change_notes import check_change_note
from catalog.proposals.checks import blockers, check_draft
from catalog.proposals.models import Proposal
from catalog.proposals.services import save_draft
from provenance.actors import Actor

IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, "header", required=True, description="the ETag of what you read"
)
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, "header", description="the ETag that you hold: 304 while it is current"
)
ETAG: Final = OpenApiParameter(
    "ETag", OpenApiTypes.STR, "header", response=[200], description="strong; send it in If-Match to save"
)
Edit = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
"""Takes the record as it stands and what was sent, and returns the record to save."""


class OneProposalView(ProposalView):
    """One proposal."""

    parser_classes = (PlainJSON, MergePatch)

    @extend_schema(
        operation_id="proposals_read",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: ProposalSerializer, 304: None, **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """A proposal with its record. Missing and hidden ones look alike."""
        actor, proposal = self.find(request, key)
        tag = entity_tag(actor, proposal)
        if is_known(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return answer_with(actor, proposal)

    @extend_schema(
        operation_id="proposals_replace",
        parameters=[IF_MATCH, ETAG],
        request=RecordSerializer,
        responses={200: ProposalSerializer, **problems(*WRITING, 428)},
    )
    def put(self, request: Request, key: uuid.UUID) -> Response:
        """Replace the draft's record. Of a record whose tier is private, nothing is kept but the seal."""
        actor, proposal = self.find(request, key)
        return _save(request, actor, proposal, lambda _record, sent: dict(sent))

    @extend_schema(
        operation_id="proposals_patch",
        parameters=[IF_MATCH, ETAG],
        request=dict.fromkeys((MergePatch.media_type, PlainJSON.media_type), RecordSerializer),
        responses={200: ProposalSerializer, **problems(*WRITING, 428)},
    )
    def patch(self, request: Request, key: uuid.UUID) -> Response:
        """Change some fields of the draft's record by a JSON merge patch (RFC 7396)."""
        actor, proposal = self.find(request, key)
        return _save(request, actor, proposal, merge_patch)


class FindingsView(ProposalView):
    """What is wrong with a draft, and what would make it better."""

    @extend_schema(
        operation_id="proposals_findings", responses={200: FindingsSerializer, **problems(*READING)}
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """All findings with the requirement behind each. Blockers stop the submission, advice never does."""
        actor, proposal = self.find(request, key)
        findings = [*check_draft(proposal, actor=actor), *check_change_note(proposal)]
        ready = set(blockers(findings)) <= {"affirmed"}
        document = {"revision": proposal.revision, "ready": ready, "findings": findings}
        return Response(FindingsSerializer(document).data)


def answer_with(actor: Actor, proposal: Proposal, status: int = 200) -> Response:
    """Return the proposal as ``actor`` may read it, with its entity tag."""
    document = ProposalSerializer(proposal, context={"actor": actor}).data
    return Response(document, status=status, headers={"ETag": entity_tag(actor, proposal)})


def _save(request: Request, actor: Actor, proposal: Proposal, edit: Edit) -> Response:
    require_condition(request)
    sent = read_body(request, RecordSerializer)["record"]
    with held_still(
        request, actor, proposal, required=True, intent=lambda current: edit(current.record, sent)
    ) as draft:
        record = edit(draft.record, sent)
        saved = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    return answer_with(actor, saved)
