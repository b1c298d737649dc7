"""`/api/v1/proposals/<id>/history/`: all that happened to a proposal, to check elsewhere."""

import uuid

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.finding import READING, ProposalView, problems
from catalog.review.history import history_of
from catalog.review.history_document import document_of


class HistoryView(ProposalView):
    """The whole history."""

    @extend_schema(
        operation_id="proposals_history", responses={200: OpenApiTypes.OBJECT, **problems(*READING)}
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """Events with their digests, and every row that they tell of; as on the history's page."""
        actor, proposal = self.find(request, key)
        return Response(document_of(history_of(actor, proposal)))
