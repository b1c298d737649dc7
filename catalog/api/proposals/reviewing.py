"""Reviews of a proposal, who is asked for one, and who steps back."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.conditions import entity_tag, held_still
from catalog.api.proposals.finding import (
    READING,
    WRITING,
    ProposalView,
    named_member,
    problems,
    read_body,
)
from catalog.api.proposals.sayings import NotedSerializer, ReviewSerializer
from catalog.api.proposals.voices import AssignmentSerializer, RecusalSerializer, SaidSerializer
from catalog.review.models import Assignment
from catalog.review.reading import assignments_of, reviews_of
from catalog.review.services import decline, recuse_oneself, review_proposal
from provenance.errors import NotFound


class ReviewsView(ProposalView):
    """What reviewers said."""

    @extend_schema(
        operation_id="proposals_reviews",
        responses={200: SaidSerializer(many=True), **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """Every word on every revision, the first first."""
        actor, proposal = self.find(request, key)
        return Response(SaidSerializer(reviews_of(actor, proposal), many=True).data)

    @extend_schema(
        operation_id="proposals_review",
        request=ReviewSerializer,
        responses={201: SaidSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Say one member's word on the current revision; what then suffices happens at once."""
        actor, proposal = self.find(request, key)
        given = read_body(request, ReviewSerializer)
        given["member"] = named_member(given.get("member"))
        with held_still(request, actor, proposal, required=False) as current:
            said = review_proposal(actor=actor, proposal=current, **given)
            current.refresh_from_db()
        headers = {"ETag": entity_tag(actor, current)}
        return Response(SaidSerializer(said).data, status=201, headers=headers)


class AssignmentsView(ProposalView):
    """Who is asked now."""

    @extend_schema(
        operation_id="proposals_assignments",
        responses={200: AssignmentSerializer(many=True), **problems(*READING)},
    )
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """The open assignments, the first due first."""
        _actor, proposal = self.find(request, key)
        return Response(AssignmentSerializer(assignments_of(proposal), many=True).data)


class DeclineView(ProposalView):
    """Giving an assignment back."""

    @extend_schema(
        operation_id="proposals_assignments_decline",
        request=NotedSerializer,
        responses={200: AssignmentSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID, assignment_id: int) -> Response:
        """Give one's own assignment back; somebody of another member is asked instead."""
        actor, proposal = self.find(request, key)
        found = Assignment.objects.filter(proposal=proposal, pk=assignment_id).first()
        if found is None:
            raise NotFound("There is no such assignment.")
        reason = read_body(request, NotedSerializer)["reason"]
        declined = decline(actor=actor, assignment=found, reason=reason)
        return Response(AssignmentSerializer(declined).data)


class RecusalsView(ProposalView):
    """Stepping back."""

    @extend_schema(
        operation_id="proposals_recuse",
        request=NotedSerializer,
        responses={201: RecusalSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Step back from deciding on this proposal, for good."""
        actor, proposal = self.find(request, key)
        reason = read_body(request, NotedSerializer)["reason"]
        recusal = recuse_oneself(actor=actor, proposal=proposal, reason=reason)
        return Response(RecusalSerializer(recusal).data, status=201)
