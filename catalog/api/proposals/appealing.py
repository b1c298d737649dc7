"""Appeals against a rejection or a block."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.finding import (
    READING,
    WRITING,
    ProposalView,
    named_member,
    problems,
    read_body,
)
from catalog.api.proposals.sayings import AppealGroundsSerializer, SpeakOnAppealSerializer
from catalog.api.proposals.voices import AppealSerializer, AppealVoiceSerializer
from catalog.interchange.disclosure import is_withheld
from catalog.proposals.models import Proposal
from catalog.review.models import Appeal
from catalog.review.services import appeal, speak_on_appeal, withdraw_appeal
from provenance.errors import NotFound


class AppealsView(ProposalView):
    """All appeals."""

    @extend_schema(
        operation_id="proposals_appeals",
        responses={200: AppealSerializer(many=True), **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The appeals with the voices on them, the first first."""
        actor, proposal = self.find(request, key)
        made = proposal.appeals.select_related("member").prefetch_related("voices__member")
        shown = made.none() if is_withheld(actor, proposal) else made
        return Response(AppealSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="proposals_appeal",
        request=AppealGroundsSerializer,
        responses={201: AppealSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Call on the members that had no part in a decision to look at it again."""
        actor, proposal = self.find(request, key)
        grounds = read_body(request, AppealGroundsSerializer)["grounds"]
        made = appeal(actor=actor, proposal=proposal, grounds=grounds)
        return Response(AppealSerializer(made).data, status=201)


class AppealVoicesView(ProposalView):
    """Voices on one appeal."""

    @extend_schema(
        operation_id="proposals_appeals_speak",
        request=SpeakOnAppealSerializer,
        responses={201: AppealVoiceSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID, appeal_id: uuid.UUID) -> Response:
        """Say one member's word on an appeal; what then suffices happens at once."""
        actor, proposal = self.find(request, key)
        found = _appeal(proposal, appeal_id)
        given = read_body(request, SpeakOnAppealSerializer)
        given["member"] = named_member(given.get("member"))
        said = speak_on_appeal(actor=actor, appeal=found, **given)
        return Response(AppealVoiceSerializer(said).data, status=201)


class WithdrawAppealView(ProposalView):
    """Taking an appeal back."""

    @extend_schema(
        operation_id="proposals_appeals_withdraw",
        request=None,
        responses={200: AppealSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID, appeal_id: uuid.UUID) -> Response:
        """Take an appeal back; the decision stays, and is not appealed again."""
        actor, proposal = self.find(request, key)
        taken = withdraw_appeal(actor=actor, appeal=_appeal(proposal, appeal_id))
        return Response(AppealSerializer(taken).data)


def _appeal(proposal: Proposal, appeal_id: uuid.UUID) -> Appeal:
    found = proposal.appeals.filter(pk=appeal_id).first()
    if found is None:
        raise NotFound("There is no such appeal.")
    return found
