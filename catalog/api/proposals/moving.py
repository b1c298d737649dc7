"""Handing a proposal in, taking it back, and the seal that stands for private data."""

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.conditions import held_still
from catalog.api.proposals.drafting import ETAG, IF_MATCH, answer_with
from catalog.api.proposals.finding import WRITING, ProposalView, problems, read_body
from catalog.api.proposals.requests import SealSerializer, SubmitSerializer, WithdrawSerializer
from catalog.api.proposals.serializers import ProposalSerializer
from catalog.lifecycle.change_notes import write_change_note
from catalog.proposals.models import Proposal
from catalog.proposals.services import attach_seal, save_draft, submit_proposal, withdraw_proposal
from provenance.actors import Actor


class SubmitView(ProposalView):
    """Handing in."""

    @extend_schema(
        operation_id="proposals_submit",
        parameters=[IF_MATCH, ETAG],
        request=SubmitSerializer,
        responses={200: ProposalSerializer, **problems(*WRITING, 428)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Affirm and hand in: for review, or of private data at once. All of it happens, or nothing."""
        actor, proposal = self.find(request, key)
        with held_still(request, actor, proposal, required=True) as draft:
            submitted = _hand_in(actor, draft, read_body(request, SubmitSerializer))
        return answer_with(actor, submitted)


class WithdrawView(ProposalView):
    """Taking back."""

    @extend_schema(
        operation_id="proposals_withdraw",
        request=WithdrawSerializer,
        responses={200: ProposalSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Take a proposal back, for good. Nothing that others said of it is lost."""
        actor, proposal = self.find(request, key)
        reason = read_body(request, WithdrawSerializer)["reason"]
        with held_still(request, actor, proposal, required=False) as current:
            withdrawn = withdraw_proposal(actor=actor, proposal=current, reason=reason)
        return answer_with(actor, withdrawn)


class SealView(ProposalView):
    """The seal of a private draft."""

    @extend_schema(
        operation_id="proposals_seal",
        request=SealSerializer,
        responses={200: ProposalSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Hand in what ``tapestry-node seal`` printed on the node that holds the data (INV-1)."""
        actor, proposal = self.find(request, key)
        envelope = read_body(request, SealSerializer)["envelope"]
        with held_still(request, actor, proposal, required=False) as draft:
            sealed = attach_seal(actor=actor, proposal=draft, envelope=envelope)
        return answer_with(actor, sealed)


def _hand_in(actor: Actor, draft: Proposal, given: Mapping[str, Any]) -> Proposal:
    if "change_note" in given:
        draft = write_change_note(
            actor=actor, proposal=draft, text=given["change_note"], expected_revision=draft.revision
        )
    if draft.record.get("affirmed") is not True:
        record = {**draft.record, "affirmed": True}
        draft = save_draft(actor=actor, proposal=draft, record=record, expected_revision=draft.revision)
    return submit_proposal(actor=actor, proposal=draft, answer=given.get("answer", ""))
