"""`/api/v1/proposals/`: the proposals that the caller may know of, and starting one."""

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.proposals.conditions import entity_tag, place_of
from catalog.api.proposals.finding import WRITING, caller, named_member, problems, read_body
from catalog.api.proposals.parsing import PlainJSON
from catalog.api.proposals.requests import ProposalParameters, StartSerializer
from catalog.api.proposals.serializers import ProposalLineSerializer, ProposalSerializer
from catalog.datasets.models import Dataset
from catalog.interchange.addresses import absolute
from catalog.proposals.models import Proposal
from catalog.proposals.services import start_proposal
from provenance.actors import Actor
from provenance.errors import Invalid

COLUMNS: Final = {"state": "state", "member": "member__slug", "tier": "record__tier"}


class NewestProposals(CursorPagination):
    """By the time that they were started, which never changes; their keys are random."""

    ordering = ("-created_at", "pk")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class ProposalsView(ListAPIView[Proposal]):
    """All of them."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (PlainJSON,)
    queryset = Proposal.objects.none()
    serializer_class = ProposalLineSerializer
    pagination_class = NewestProposals

    def get_queryset(self) -> QuerySet[Proposal]:
        """Keep what the caller may know of, filtered as asked."""
        asked = ProposalParameters(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = {COLUMNS[name]: value for name, value in asked.validated_data.items()}
        visible = Proposal.objects.visible_to(caller(self.request)).select_related("member", "dataset")
        return visible.filter(**wanted)

    @extend_schema(
        operation_id="proposals_list",
        parameters=[ProposalParameters],
        responses={200: ProposalLineSerializer(many=True), **problems(400, 401, 403)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List your members' proposals and those that other members handed in; the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="proposals_start",
        request=StartSerializer,
        responses={201: ProposalSerializer, **problems(*WRITING)},
    )
    def post(self, request: Request) -> Response:
        """Start a draft, of a new entry or of the next version of one."""
        actor = caller(request)
        given = read_body(request, StartSerializer)
        member = named_member(given["member"])
        assert member is not None  # noqa: S101 - the field is required and never empty
        started = start_proposal(
            actor=actor,
            member=member,
            record=given.get("record"),
            slug=given.get("slug"),
            dataset=_dataset(actor, given["dataset"]) if "dataset" in given else None,
        )
        document = ProposalSerializer(started, context={"actor": actor}).data
        headers = {"Location": absolute(place_of(started.pk)), "ETag": entity_tag(actor, started)}
        return Response(document, status=201, headers=headers)


def _dataset(actor: Actor, slug: str) -> Dataset:
    """Return an entry that ``actor`` may discover; a hidden one is as unknown as a missing one (INV-6)."""
    dataset = Dataset.objects.visible_to(actor).filter(slug=slug).first()
    if dataset is None:
        message = "There is no such dataset."
        raise Invalid(message, code="dataset-unknown", fields={"dataset": [message]})
    return dataset
